/** A message that was sent, and what the server promised of it. */
export interface SentRecord {
  clientId: string;
  chatId: number;
  userId: number;
  text: string;
  /** Set by the acknowledgement; the client package may say that it is stored and not under which id. */
  acked?: { id: number | undefined; at: number };
  /** The server said that it is not stored, and will not be. */
  refused?: boolean;
}

/** An edit or a deletion of a message. */
export interface ChangeRecord {
  chatId: number;
  messageId: number;
  /** Undefined: deleted. */
  text: string | undefined;
  acked: boolean;
}

/** What one user last asked for of one emoji on one message. */
export interface ReactionRecord {
  chatId: number;
  messageId: number;
  userId: number;
  emoji: string;
  on: boolean;
  /** False where the last answer is not known, so that either state may stand. */
  acked: boolean;
}

/** Everything that was asked for, and what was acknowledged of it: what the database is held against in the end. */
export interface Ledger {
  sends: Map<string, SentRecord>;
  changes: ChangeRecord[];
  reactions: Map<string, ReactionRecord>;
  /** By chat and user, the furthest reading mark that was acknowledged. */
  marks: Map<string, number>;
  /** By code, what was refused; told in the end. */
  refusals: Map<string, number>;
  /** How often a client had to ask again: nothing came back over REST, or “not now” did. */
  asksAgain: { unanswered: number; notNow: number };
  /** When a send was acknowledged last, by `performance.now()`. */
  lastAckAt: number;
}

export function createLedger(): Ledger {
  return {
    sends: new Map(),
    changes: [],
    reactions: new Map(),
    marks: new Map(),
    refusals: new Map(),
    asksAgain: { unanswered: 0, notNow: 0 },
    lastAckAt: 0,
  };
}
