import type { Client } from '@beseda/client/client.ts';
import type { KeptChats } from './keeping-chats.ts';

/** Chats whose messages are taken in at once: some milliseconds of work. */
const AT_ONCE = 10;

/**
 * Takes in the kept messages of all chats, after those that the page began with, the latest chats first. Where they cannot
 * be read, they are read from the server when they are wanted.
 *
 * @param pause settles when there is nothing more urgent to do.
 */
export async function recallMessages(
  client: Pick<Client, 'userId' | 'recall'> & { store: { inbox(): readonly { id: number }[] } },
  kept: Pick<KeptChats, 'messages'>,
  userId: number,
  pause: () => Promise<void>,
): Promise<void> {
  const chatIds = client.store.inbox().map(({ id }) => id);
  try {
    for (let from = 0; from < chatIds.length; from += AT_ONCE) {
      await pause();
      const found = await kept.messages(userId, chatIds.slice(from, from + AT_ONCE));
      // Somebody else may have signed in meanwhile.
      if (client.userId !== userId) return;
      for (const messages of found) client.recall(messages);
    }
  } catch {
    // See above.
  }
}
