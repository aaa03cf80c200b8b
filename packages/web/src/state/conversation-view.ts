import type { ApiError } from '@beseda/client/api-error.ts';
import type { Item } from './timeline.ts';
import type { Watched } from './watched.ts';

/** What a conversation shows. */
export interface ConversationView {
  state: 'loading' | 'ready' | 'failed' | 'missing';
  /** Why the last reading failed; undefined: it has not. */
  failure: ApiError | undefined;
  items: readonly Item[];
  /** The first message of the chat is among the items. */
  begins: boolean;
  /** The newest one is. */
  ends: boolean;
  /** The key of the item to begin at; undefined: the end. Settled once the state is `ready`. */
  openAt: string | undefined;
  /** The message that one was led to, and how often one was led anywhere; undefined: to none yet. */
  led: { to: number; times: number } | undefined;
  /** Counts the places where it was begun anew: with another, what was shown before is not among the items. */
  beginning: number;
}

/** One open chat: which stretch of it is shown, and what of it was seen. */
export interface Conversation extends Watched<ConversationView> {
  /** Reads on towards the beginning, or towards the end. */
  older(): void;
  newer(): void;
  /** Shows the newest messages. */
  toNewest(): Promise<void>;
  /** Shows a message with what is around it. False: there is none such. */
  toMessage(messageId: number): Promise<boolean>;
  /** Tries again what has failed, without waiting any longer: what may pass is tried again by itself. */
  retry: () => void;
  /** The newest stored message that is in view now; it counts as read while someone is looking. */
  inView(messageId: number): void;
  /** Whether the end of what is shown is on the screen: what comes may push out what is far above it. */
  readsAtEnd(yes: boolean): void;
  /** Whether someone is looking: the page is visible and in front. */
  looking(yes: boolean): void;
  close(): void;
}

/** Whether nothing is to be drawn anew. */
export function isSameView(one: ConversationView, other: ConversationView): boolean {
  return (
    one.state === other.state &&
    one.failure === other.failure &&
    one.items === other.items &&
    one.begins === other.begins &&
    one.ends === other.ends &&
    one.openAt === other.openAt &&
    one.led === other.led &&
    one.beginning === other.beginning
  );
}
