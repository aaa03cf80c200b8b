import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatEvent } from '../domain/events.ts';
import type { MemberList } from '../domain/member-lists.ts';
import { createRosters } from './rosters.ts';

const CHAT = 5;
const USERS = Array.from({ length: 103 }, (_, index) => index + 1);
const NOW = '2026-11-22T10:15:30.123Z';

/** A chat of nearly as many members as are told of one by one, with what was committed in it. */
function world() {
  const members = new Set(USERS.slice(0, 99));
  const committed: ChatEvent[] = [];
  const asked: (() => void)[] = [];
  const rosters = createRosters(
    async () => {
      const lists: MemberList[] = [{ chatId: CHAT, kind: 'group', version: committed.length, userIds: [...members] }];
      await new Promise<void>((resolve) => asked.push(resolve));
      return lists;
    },
    (error) => {
      throw error;
    },
  );
  let told = 0;
  return {
    members,
    rosters,
    toggle: (userId: number) => {
      const joins = !members.delete(userId);
      if (joins) members.add(userId);
      const frame = { type: 'member', chat_id: CHAT, version: committed.length + 1, user_id: userId } as const;
      committed.push({
        chatId: CHAT,
        frame: { ...frame, role: 'member', joined_at: NOW, left_at: joins ? null : NOW },
      });
    },
    /** Tells the next event; where many were missed, only that they were. */
    tell: () => {
      const event = committed[told];
      if (event === undefined) return;
      told += 1;
      rosters.told(event);
    },
    skip: () => {
      told = committed.length;
      rosters.skipped(CHAT);
    },
    answer: async () => {
      asked.shift()?.();
      for (let hop = 0; hop < 5; hop += 1) await Promise.resolve();
    },
    pending: () => asked.length > 0 || told < committed.length,
  };
}

describe('who is in a chat, without asking each time', () => {
  test('is what the database has, once all is told, however events and answers cross', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('toggle' as const), userId: fc.constantFrom(...USERS.slice(95)) }),
      fc.record({ kind: fc.constantFrom('tell' as const, 'answer' as const, 'skip' as const, 'drop' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { members, rosters, toggle, tell, skip, answer, pending } = world();
        void rosters.load([CHAT]);
        for (const one of steps) {
          if (one.kind === 'toggle') toggle(one.userId);
          else if (one.kind === 'tell') tell();
          else if (one.kind === 'skip') skip();
          else if (one.kind === 'answer') await answer();
          else {
            rosters.drop(CHAT);
            void rosters.load([CHAT]);
          }
        }
        while (pending()) {
          tell();
          await answer();
        }
        expect(USERS.filter((userId) => rosters.of(CHAT)?.members.has(userId))).toEqual(
          USERS.filter((userId) => members.has(userId)),
        );
        const isLarge = members.size > 100;
        expect([...rosters.largeChats()]).toEqual(isLarge ? [CHAT] : []);
        const indexed = USERS.filter((userId) => [...rosters.smallChatsOf(userId)].includes(CHAT));
        expect(indexed).toEqual(isLarge ? [] : USERS.filter((userId) => members.has(userId)));
      }),
      { numRuns: 300 },
    );
  });
});
