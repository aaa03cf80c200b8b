import type { ChatView } from '@beseda/client/store/views.ts';
import type { User } from '@beseda/protocol/users.ts';
import { expect, test } from 'vitest';
import { ASKED, membersKnown } from './mentionable.ts';

const user = (id: number): User => ({ id, username: `user${id}`, display_name: null });

/** The ids of those who are known in a chat, and of those who were asked for. */
function known(chat: { peer: User | null } | undefined, members: readonly number[], all: readonly number[]) {
  const asked: number[] = [];
  const found = membersKnown(
    { chat: () => (chat === undefined ? undefined : { ...empty, ...chat }), members: () => members },
    {
      person(id) {
        asked.push(id);
        return all.includes(id) ? user(id) : undefined;
      },
      all: () => all.map(user),
    },
    5,
    1,
  );
  return { found: found.map(({ id }) => id), asked };
}

const empty: ChatView = {
  id: 5,
  name: '',
  is_group: true,
  creator_id: 1,
  peer: null,
  created_at: '',
  last_message_id: 0,
  last_message: undefined,
  last_read_id: 0,
  marked_unread_id: null,
  muted: false,
  pinned: false,
  unread_count: 0,
  others_read_id: 0,
  others_delivered_id: 0,
};

test('in a personal chat these are the two', () => {
  expect(known({ peer: user(2) }, [], [1, 2, 3]).found).toEqual([2, 1]);
  expect(known(undefined, [], [1]).found).toEqual([]);
});

test('in a group, its members whose names are known; the others are asked for', () => {
  expect(known({ peer: null }, [1, 2, 3], [1, 3, 9])).toEqual({ found: [1, 3], asked: [1, 2, 3] });
});

test('of a large group only so many are asked for, and nobody is left out who is known', () => {
  const members = Array.from({ length: ASKED + 50 }, (_, index) => index + 1);
  const { found, asked } = known({ peer: null }, members, [1, ASKED + 7, 9999]);
  expect(found).toEqual([1, ASKED + 7]);
  expect(asked).toHaveLength(ASKED);
});
