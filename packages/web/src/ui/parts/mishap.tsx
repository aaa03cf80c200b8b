import { Component, type ReactNode } from 'react';

interface MishapProps {
  /** What is shown in its stead. */
  instead: ReactNode;
  /** With another one, it is tried again. */
  of: unknown;
  children: ReactNode;
}

/** Keeps what cannot be drawn from taking all the rest with it. React has no other way for it than a class. */
export class Mishap extends Component<MishapProps, { failedOf: unknown; failed: boolean }> {
  override state = { failedOf: undefined, failed: false };

  static getDerivedStateFromError(): { failed: true } {
    return { failed: true };
  }

  static getDerivedStateFromProps(
    { of }: MishapProps,
    { failedOf }: { failedOf: unknown },
  ): { failedOf: unknown; failed: boolean } | null {
    return of === failedOf ? null : { failedOf: of, failed: false };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
