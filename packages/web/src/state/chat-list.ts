import type { ChatView } from '@beseda/client/store/views.ts';
import { deletionKey } from './deletions.ts';
import { summaryOf, type FilesSummary } from './file-looks.ts';
import { withoutHidden } from './hidden-text.ts';
import { isSaved } from './saved.ts';

export const filters = ['all', 'unread', 'people', 'groups'] as const;
export type Filter = (typeof filters)[number];

/** The second line of a chat in the list. */
export type Preview =
  | { kind: 'draft'; text: string }
  /** @property from who wrote it, in groups and where it is one's own: their id. */
  | {
      kind: 'message';
      text: string;
      /** What it has of files, where it has no text. */
      files?: FilesSummary | undefined;
      from: number | undefined;
    }
  | { kind: 'deleted' }
  | { kind: 'empty' };

/** A chat as the list shows it. */
export interface ChatRow {
  id: number;
  name: string;
  isGroup: boolean;
  /** What its colour is derived from: the person of a personal chat, the group else. */
  seed: string;
  preview: Preview;
  /** When the newest message was sent; undefined where there is none. */
  at: string | undefined;
  unread: number;
  muted: boolean;
  pinned: boolean;
  /** What was not read mentions the user. */
  mentioned: boolean;
  /** It is the chat with oneself. */
  saved: boolean;
  /** The other person of a personal chat. */
  peerId: number | undefined;
}

/** Characters of a preview: more than any line shows. */
const PREVIEW_LENGTH = 160;

/** All chats as the list has them: the pinned ones first, among them and after them the latest activity. */
export function pinnedFirst(inbox: readonly ChatView[]): readonly ChatView[] {
  return inbox.toSorted((a, b) => Number(b.pinned) - Number(a.pinned));
}

/** The rows of the list, the pinned ones first. */
export function chatRows(
  inbox: readonly ChatView[],
  {
    filter,
    self,
    drafts,
    leaving,
    mentioned,
    open,
  }: {
    filter: Filter;
    self: number;
    drafts: ReadonlyMap<number, string>;
    /** See `Deletions`. */
    leaving: ReadonlySet<string>;
    /** Chats in which the user is mentioned: see `createMentionMarks`. */
    mentioned: ReadonlySet<number>;
    open: number | undefined;
  },
): ChatRow[] {
  return pinnedFirst(inbox)
    .filter((chat) => fitsFilter(chat, filter, open))
    .map((chat) => {
      // What is being written in the chat that is open is on the screen already.
      const draft = chat.id === open ? undefined : drafts.get(chat.id);
      return {
        id: chat.id,
        name: chat.name,
        isGroup: chat.is_group,
        seed: seedOf(chat),
        preview: draft === undefined ? previewOf(chat, self, leaving) : { kind: 'draft', text: oneLine(draft) },
        at: chat.last_message?.created_at,
        unread: chat.unread_count,
        muted: chat.muted,
        pinned: chat.pinned,
        mentioned: chat.unread_count > 0 && mentioned.has(chat.id),
        saved: isSaved(chat),
        peerId: chat.peer?.id,
      };
    });
}

/** Messages that were not read, in all chats together but for those that are muted. */
export function unreadTotal(inbox: readonly ChatView[]): number {
  return inbox.reduce((sum, { muted, unread_count: count }) => (muted ? sum : sum + count), 0);
}

/** What the colour of a chat is derived from. */
export function seedOf(chat: Pick<ChatView, 'id' | 'peer'>): string {
  return chat.peer === null ? `chat ${chat.id}` : personSeed(chat.peer.id);
}

/** What the colour of a person is derived from, the same wherever they appear. */
export function personSeed(userId: number): string {
  return `user ${userId}`;
}

function fitsFilter(chat: ChatView, filter: Filter, open: number | undefined): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'unread':
      // The one that is open stays, though reading it has taken it off this list.
      return chat.unread_count > 0 || chat.id === open;
    case 'people':
      return !chat.is_group;
    case 'groups':
      return chat.is_group;
  }
}

function previewOf(
  { id, last_message: message, is_group: isGroup }: ChatView,
  self: number,
  leaving: ReadonlySet<string>,
): Preview {
  if (message === undefined) return { kind: 'empty' };
  if (message.deleted_at !== null || leaving.has(deletionKey(id, message.id))) return { kind: 'deleted' };
  const named = isGroup || message.sender_id === self;
  return {
    kind: 'message',
    text: oneLine(message.text),
    files: message.text === '' ? summaryOf(message.files) : undefined,
    from: named ? message.sender_id : undefined,
  };
}

/**
 * A text as one line, without what marks it up and what it hides.
 *
 * @param hidden what stands for that.
 */
export function oneLine(text: string, hidden?: string): string {
  const start = withoutHidden(text, hidden)
    .slice(0, PREVIEW_LENGTH * 2)
    .replaceAll(/```\w*|^\s*(?:>|[-*+]|\d+\.)\s+/gm, ' ')
    .replaceAll(/\*\*|~~|`/g, '')
    .replaceAll(/(?<![\p{L}\p{N}*_])([*_])(?=\S)([^*_\n]+)(?<=\S)\1(?![\p{L}\p{N}*_])/gu, '$2');
  return start.replaceAll(/\s+/g, ' ').trim().slice(0, PREVIEW_LENGTH);
}
