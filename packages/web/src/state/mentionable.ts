import type { Store } from '@beseda/client/store/store.ts';
import type { User } from '@beseda/protocol/users.ts';
import type { People } from './people.ts';

/** Of larger groups, this many are asked for by name: it costs a request each. Others are named once they are known. */
export const ASKED = 100;

/** Those of a chat whose names are known, oneself among them. */
export function membersKnown(
  store: Pick<Store, 'chat' | 'members'>,
  people: Pick<People, 'person' | 'all'>,
  chatId: number,
  self: number,
): User[] {
  const chat = store.chat(chatId);
  if (chat === undefined) return [];
  if (chat.peer !== null) return [chat.peer, people.person(self)].flatMap((person) => person ?? []);
  const members = store.members(chatId) ?? [];
  const asked = members.slice(0, ASKED).flatMap((userId) => people.person(userId) ?? []);
  if (members.length <= ASKED) return asked;
  const others = new Set(members.slice(ASKED));
  return [...asked, ...people.all().filter(({ id }) => others.has(id))];
}
