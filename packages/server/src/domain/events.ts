import type { StateFrame } from '@beseda/protocol/frames.ts';
import type { MarkFrame } from '@beseda/protocol/marks.ts';

/** Something that happened in a chat and is committed. */
export interface ChatEvent {
  chatId: number;
  /** What those who listen get. */
  frame: StateFrame | MarkFrame;
  /**
   * For a frame without a version: one that the chat had reached when it was made. Who has not heard of all up to there
   * does not know yet who may hear it.
   */
  after?: number | undefined;
  /** The member whose sockets for everything alone get it; left out: all who listen to the chat. */
  onlyUserId?: number | undefined;
  /** The socket that caused it, which knows already and gets no echo. */
  origin?: symbol | undefined;
}

/** What a rule that writes gives back: its answer, and what to tell once the transaction is committed. */
export interface Outcome<T> {
  result: T;
  events: ChatEvent[];
}
