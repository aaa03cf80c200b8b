import { createContext, use } from 'react';

/** Which long messages of a conversation are unfolded. It outlasts their rows, which come and go as one scrolls. */
export interface Folds {
  isOpen: (key: string) => boolean;
  /**
   * Folds or unfolds a message, and keeps what one is reading where it is.
   *
   * @param change draws the row so.
   */
  toggle: (key: string, row: Element, change: () => void) => void;
}

export const FoldsContext = createContext<Folds | undefined>(undefined);

export function useFolds(): Folds {
  const folds = use(FoldsContext);
  if (folds === undefined) throw new Error('This view stands outside of a conversation.');
  return folds;
}
