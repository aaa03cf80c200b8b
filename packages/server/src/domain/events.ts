import type { ReadFrame, StateFrame } from '@beseda/protocol/frames.ts';

/** Something that happened in a chat and is committed. Its frame is what the chat's members get. */
export interface ChatEvent {
  chatId: number;
  frame: StateFrame | ReadFrame;
  /** The socket that caused it, which knows already and gets no echo. */
  origin?: symbol | undefined;
}

/** What a rule that writes gives back: its answer, and what to tell once the transaction is committed. */
export interface Outcome<T> {
  result: T;
  events: ChatEvent[];
}
