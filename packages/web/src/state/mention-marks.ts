import type { Store } from '@beseda/client/store/store.ts';
import type { ChatMessages, ChatView } from '@beseda/client/store/views.ts';
import { mentions } from './mentions.ts';
import type { People } from './people.ts';
import { settable, type Watched } from './watched.ts';

/** Of very many that were not read, so many of the newest are looked at. */
const MOST = 500;

/**
 * The chats with a message that was not read and names the user, as far as messages are held here: those of the latest
 * chats are read ahead.
 *
 * @param selfOf who the user is at present.
 */
export function createMentionMarks(
  store: Pick<Store, 'inbox' | 'messages' | 'watch'>,
  people: Pick<People, 'person' | 'watch'>,
  selfOf: () => number,
): Watched<ReadonlySet<number>> {
  const marked = settable<ReadonlySet<number>>(new Set());
  const watched = new Map<number, () => void>();
  let lookedFor: string | undefined;

  /** What was found the last time, as long as it is of the same messages. */
  const looked = new Map<
    number,
    { messages: ChatMessages | undefined; firstId: number; foundId: number | undefined }
  >();

  function isMarked(chat: ChatView, self: number, username: string): boolean {
    const firstId = chat.last_message_id - chat.unread_count + 1;
    const messages = store.messages(chat.id);
    const before = looked.get(chat.id);
    if (before !== undefined && before.messages === messages && before.firstId === firstId) {
      return before.foundId !== undefined;
    }
    const newest = (messages?.runs ?? []).flatMap((run) => run.slice(-MOST)).slice(-MOST);
    const found = newest.findLast(
      ({ id, sender_id: sender, deleted_at: deletedAt, text }) =>
        id >= firstId && sender !== self && deletedAt === null && mentions(text, username),
    );
    // What was found may have been let go of since: it is not read for that.
    const foundBefore = before?.foundId ?? 0;
    const stands = foundBefore >= firstId && newest.every(({ id }) => id !== foundBefore);
    const foundId = found?.id ?? (stands ? foundBefore : undefined);
    looked.set(chat.id, { messages, firstId, foundId });
    return foundId !== undefined;
  }

  function look(): void {
    const self = selfOf();
    const username = self === 0 ? undefined : people.person(self)?.username;
    if (username !== lookedFor) looked.clear();
    lookedFor = username;
    const unread = store.inbox().filter(({ unread_count: count }) => count > 0);
    follow(new Set(unread.map(({ id }) => id)));
    const found = username === undefined ? [] : unread.filter((chat) => isMarked(chat, self, username));
    const next = new Set(found.map(({ id }) => id));
    const before = marked.get();
    if (next.size !== before.size || found.some(({ id }) => !before.has(id))) marked.set(next);
  }

  function follow(chats: ReadonlySet<number>): void {
    for (const [chatId, stop] of watched) {
      if (chats.has(chatId)) continue;
      stop();
      watched.delete(chatId);
      looked.delete(chatId);
    }
    for (const chatId of chats) {
      if (!watched.has(chatId)) watched.set(chatId, store.watch({ of: 'messages', chatId }, look));
    }
  }

  store.watch({ of: 'inbox' }, look);
  people.watch(look);
  look();
  return { get: marked.get, watch: marked.watch };
}
