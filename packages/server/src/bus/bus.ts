/**
 * How the nodes of one installation tell each other what happened: at most once, unordered between senders, and lost
 * where the network is. What it carries are hints; whoever must not miss anything compares with the database.
 */
export interface Bus {
  /**
   * Tells all other nodes that have subscribed to the subject; never this one. What cannot be sent is dropped.
   *
   * @param payload made only where there may be somebody to hear it.
   */
  publish(subject: string, payload: () => string): void;
  /** Hears what other nodes publish on a subject. Returns what ends it. */
  subscribe(subject: string, hear: (payload: string) => void): () => void;
  /**
   * Settles once what was subscribed so far is in force, so that whatever others publish later is heard; after a
   * short while it settles nevertheless, as the network may be gone. Never rejects.
   */
  inForce(): Promise<void>;
  /** Whether what is published now can reach other nodes. */
  connected(): boolean;
  /** Calls when the connection is lost and when it is back. Returns what ends it. */
  onConnection(changed: (connected: boolean) => void): () => void;
  close(): Promise<void>;
}

/** What happens in a chat. */
export function chatSubject(chatId: number): string {
  return `beseda.chat.${chatId}`;
}

/** What concerns one user, in whatever chat. */
export function userSubject(userId: number): string {
  return `beseda.user.${userId}`;
}

/** That nodes live, which every node hears. */
export const NODES_SUBJECT = 'beseda.nodes';

/** Sessions that have ended, which every node hears. */
export const SESSIONS_SUBJECT = 'beseda.sessions';

/** What one node asked to be told. */
export function nodeSubject(nodeId: string): string {
  return `beseda.node.${nodeId}`;
}

/** Who is online, which every node hears. */
export const PRESENCE_SUBJECT = 'beseda.presence';

/** What one node asked others about who is online, and what it is asked. */
export function presenceSubject(nodeId: string): string {
  return `beseda.presence.${nodeId}`;
}
