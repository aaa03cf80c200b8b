import type { Client } from '@beseda/client/client.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import { plain } from './plain.ts';

/** What people are called. */
export interface Names {
  /** Asks for those that are not known yet. */
  learn(userIds: readonly number[]): Promise<void>;
  /** “you” for the user; the number of someone who is not known (yet). */
  of(userId: number): string;
}

export function createNames(client: Client): Names {
  const names = new Map<number, string>();
  return {
    async learn(userIds) {
      const unknown = [...new Set(userIds)].filter((id) => !names.has(id) && id !== client.userId);
      await Promise.all(
        unknown.map(async (id) => {
          // One whose name cannot be had now is asked for the next time.
          const person = await client.api.account.person(id).catch(() => undefined);
          if (person !== undefined) names.set(id, person.display_name ?? person.username);
        }),
      );
    },
    of: (userId) => (userId === client.userId ? 'you' : (names.get(userId) ?? `user ${userId}`)),
  };
}

/** What a chat is called, as it may stand on a terminal: the one with oneself has no name of its own. */
export function chatName(chat: Pick<ChatView, 'name'>): string {
  return chat.name === '' ? 'Saved messages' : plain(chat.name);
}
