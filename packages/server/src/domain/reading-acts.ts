import type { ChatSettings } from '@beseda/protocol/settings.ts';

/** What a user does about what they have read, or how they set it, in a chat of theirs. */
export type MarkAct = {
  chatId: number;
  userId: number;
  /** The socket that it came through, which gets no echo. */
  origin?: symbol | undefined;
} & (
  | { mark: 'read' | 'delivered'; messageId: number }
  /** Unread from this message on; null takes that back. */
  | { mark: 'unread'; messageId: number | null }
  /** What is undefined stays. */
  | { mark: 'settings'; muted: boolean | undefined; pinned: boolean | undefined }
);

/** The marks of a member in a chat, and how they have set it. */
export interface Marks extends ChatSettings {
  /** All up to this message are read; 0: none. */
  lastReadId: number;
  /** All up to this message have reached a device of the member; 0: none. */
  deliveredId: number;
  /** The chat is marked as unread from this message on; null: it is not. */
  unreadFromId: number | null;
}

/** What several acts of one member in one chat come to. */
export interface Folded {
  marks: Marks;
  /** Whether the mark of unread is as the acts say, whatever it was. */
  setsUnread: boolean;
  /** How the acts have set the chat, whatever it was; null: they did not. */
  sets: { muted: boolean | null; pinned: boolean | null };
  /** Up to where something was said to be read, whether the mark was there already; 0: nothing was. */
  readTo: number;
  /** Where each mark came from that moved. */
  origins: Partial<Record<MarkAct['mark'], symbol | undefined>>;
}

/**
 * The marks after some acts, in their order. Marks of what is read and delivered only grow, and what is read was
 * delivered; a reading mark that reaches the message from which on the chat is marked as unread takes that back.
 */
export function foldActs(before: Marks, acts: readonly MarkAct[]): Folded {
  const folded: Folded = {
    marks: { ...before },
    setsUnread: false,
    sets: { muted: null, pinned: null },
    readTo: 0,
    origins: {},
  };
  const { marks, origins, sets } = folded;
  for (const act of acts) {
    switch (act.mark) {
      case 'read':
        folded.readTo = Math.max(folded.readTo, act.messageId);
        if (act.messageId > marks.lastReadId) {
          marks.lastReadId = act.messageId;
          origins.read = act.origin;
        }
        marks.deliveredId = Math.max(marks.deliveredId, act.messageId);
        if (marks.unreadFromId === null || act.messageId < marks.unreadFromId) break;
        marks.unreadFromId = null;
        origins.unread = act.origin;
        break;
      case 'delivered':
        if (act.messageId <= Math.max(marks.deliveredId, marks.lastReadId)) break;
        marks.deliveredId = act.messageId;
        origins.delivered = act.origin;
        break;
      case 'unread':
        marks.unreadFromId = act.messageId;
        folded.setsUnread = true;
        origins.unread = act.origin;
        break;
      case 'settings':
        sets.muted = act.muted ?? sets.muted;
        sets.pinned = act.pinned ?? sets.pinned;
        marks.muted = sets.muted ?? marks.muted;
        marks.pinned = sets.pinned ?? marks.pinned;
        origins.settings = act.origin;
    }
  }
  return folded;
}
