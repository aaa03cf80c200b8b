import type { ChatView } from '@beseda/client/store/views.ts';
import { ApiError } from '@beseda/client/api-error.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePath, pathOf } from './address.ts';
import { chatRows, oneLine, pinnedFirst, unreadTotal } from './chat-list.ts';
import { createDrafts } from './drafts.ts';
import { formProblem } from './form-problem.ts';
import { memoryTexts } from './kept-texts.ts';
import { createPeople } from './people.ts';

function chat(id: number, more: Partial<ChatView> = {}): ChatView {
  return {
    id,
    name: `chat ${id}`,
    is_group: true,
    creator_id: 1,
    peer: null,
    created_at: '2026-11-22T10:00:00.000Z',
    last_message_id: 0,
    last_message: undefined,
    last_read_id: 0,
    unread_count: 0,
    others_read_id: 0,
    others_delivered_id: 0,
    marked_unread_id: null,
    muted: false,
    pinned: false,
    ...more,
  };
}

function said(sender: number, text: string, deletedAt: string | null = null): NonNullable<ChatView['last_message']> {
  return {
    id: 1,
    chat_id: 1,
    version: 1,
    sender_id: sender,
    client_id: null,
    text,
    created_at: '2026-11-22T10:00:00.000Z',
    reply_to: null,
    reactions: [],
    files: [],
    edited_at: null,
    deleted_at: deletedAt,
    pinned_at: null,
    forwarded_from: null,
  };
}

describe('the list of chats', () => {
  const peer = { id: 7, username: 'boris', display_name: null };
  const all = {
    filter: 'all',
    self: 1,
    drafts: new Map<number, string>(),
    leaving: new Set<string>(),
    mentioned: new Set<number>(),
    open: undefined,
  } as const;

  test('previews name who wrote in groups, and oneself everywhere', () => {
    const inbox = [
      chat(1, { last_message: said(2, 'hello') }),
      chat(2, { peer, is_group: false, last_message: said(7, 'hi') }),
      chat(3, { peer, is_group: false, last_message: said(1, 'mine') }),
      chat(4, { last_message: said(2, '', '2026-11-22T11:00:00.000Z') }),
      chat(5),
    ];
    expect(chatRows(inbox, all).map(({ preview }) => preview)).toEqual([
      { kind: 'message', text: 'hello', from: 2 },
      { kind: 'message', text: 'hi', from: undefined },
      { kind: 'message', text: 'mine', from: 1 },
      { kind: 'deleted' },
      { kind: 'empty' },
    ]);
  });

  test('a draft stands before the message, except in the chat that is open', () => {
    const drafts = new Map([[1, 'half a thought']]);
    const inbox = [chat(1, { last_message: said(2, 'hello') })];
    expect(chatRows(inbox, { ...all, drafts })[0]?.preview).toEqual({ kind: 'draft', text: 'half a thought' });
    expect(chatRows(inbox, { ...all, drafts, open: 1 })[0]?.preview).toMatchObject({ kind: 'message' });
  });

  test('filters; what is open stays among the unread', () => {
    const inbox = [chat(1), chat(2, { unread_count: 3 }), chat(3, { is_group: false, peer })];
    const ids = (filter: 'unread' | 'people' | 'groups', open?: number): number[] =>
      chatRows(inbox, { ...all, filter, open }).map(({ id }) => id);
    expect(ids('unread')).toEqual([2]);
    expect(ids('unread', 1)).toEqual([1, 2]);
    expect(ids('people')).toEqual([3]);
    expect(ids('groups')).toEqual([1, 2]);
    expect(unreadTotal(inbox)).toBe(3);
  });

  test('pinned chats stand on top, each of both kinds in the order of activity', () => {
    const inbox = [chat(1), chat(2, { pinned: true, muted: true }), chat(3), chat(4, { pinned: true })];
    const rows = chatRows(inbox, all);
    expect(rows.map(({ id }) => id)).toEqual([2, 4, 1, 3]);
    expect(rows.map(({ pinned, muted }) => [pinned, muted])).toEqual([
      [true, true],
      [true, false],
      [false, false],
      [false, false],
    ]);
    expect(pinnedFirst(inbox).map(({ id }) => id)).toEqual([2, 4, 1, 3]);
  });

  test('what is unread in a muted chat is shown there, and counts in no total', () => {
    const inbox = [chat(1, { unread_count: 2 }), chat(2, { unread_count: 40, muted: true })];
    expect(unreadTotal(inbox)).toBe(2);
    expect(chatRows(inbox, { ...all, filter: 'unread' }).map(({ unread }) => unread)).toEqual([2, 40]);
  });

  test('a mention marks a chat as long as something is not read there', () => {
    const rows = chatRows([chat(1, { unread_count: 2 }), chat(2), chat(3, { unread_count: 1 })], {
      ...all,
      mentioned: new Set([1, 2]),
    });
    expect(rows.map(({ mentioned }) => mentioned)).toEqual([true, false, false]);
  });

  test('a text becomes one line without its marks', () => {
    expect(oneLine('**Bold**, *so* and _so_: `snake_case`, 2*3*4')).toBe('Bold, so and so: snake_case, 2*3*4');
    expect(oneLine('**Bold** and ~~gone~~\n\n1. one\n- two\n> three\n```ts\ncode()\n```')).toBe(
      'Bold and gone one two three code()',
    );
  });

  test('a person has the same colour in the list as elsewhere', () => {
    expect(chatRows([chat(9, { peer, is_group: false })], all)[0]?.seed).toBe('user 7');
  });
});

describe('addresses', () => {
  test('each place has one, and is found by it', () => {
    fc.assert(
      fc.property(fc.option(fc.tuple(fc.nat(), fc.option(fc.nat()))), (ids) => {
        const chatId = ids === null ? undefined : ids[0] + 1;
        const messageId = ids === null || ids[1] === null ? undefined : ids[1] + 1;
        expect(parsePath(pathOf({ chatId, messageId }))).toEqual({ chatId, messageId });
      }),
    );
  });

  test.each(['/', '/c', '/c/', '/c/x', '/c/0', '/c/-1', '/c/5/x', '/docs', '/c/5/6/7'])('%s is the list', (path) => {
    expect(parsePath(path)).toEqual({ chatId: undefined, messageId: undefined });
  });
});

describe('drafts', () => {
  test('outlast the page, until they are sent', () => {
    const kept = memoryTexts();
    createDrafts(kept, () => 1).write(5, 'half a thought');
    const later = createDrafts(kept, () => 1);
    expect(later.of(5)).toBe('half a thought');
    later.write(5, '');
    expect(createDrafts(kept, () => 1).all().size).toBe(0);
    expect(kept.names()).toEqual([]);
  });

  test('are their writer’s alone, and there again when they come back', () => {
    let self = 1;
    const drafts = createDrafts(memoryTexts(), () => self);
    drafts.write(5, 'Anna’s');
    self = 2;
    expect([drafts.of(5), drafts.all().size]).toEqual(['', 0]);
    drafts.write(5, 'Boris’s');
    self = 1;
    expect(drafts.of(5)).toBe('Anna’s');
  });

  test('follow what another tab writes', () => {
    const kept = memoryTexts();
    const [here, there] = [createDrafts(kept, () => 1), createDrafts(kept, () => 1)];
    here.write(5, 'half a thought');
    expect(there.of(5)).toBe('');
    there.reread();
    expect(there.all()).toEqual(new Map([[5, 'half a thought']]));
  });
});

describe('what is wrong with a form', () => {
  const problem = { type: 'about:blank', title: '', status: 422, detail: 'the whole', code: 'invalid_input' };

  test('belongs to its fields, by the server’s word or by the code', () => {
    const errors = [{ loc: ['body', 'email'], msg: 'must be an e-mail address', type: 'format' }];
    expect(formProblem(new ApiError({ ...problem, errors }), ['username', 'email'])).toEqual({
      fields: { email: { code: 'format', detail: 'must be an e-mail address' } },
      form: undefined,
    });
    const taken = new ApiError({ ...problem, status: 400, code: 'username_taken' });
    expect(formProblem(taken, ['username'])).toMatchObject({ fields: { username: { code: 'username_taken' } } });
  });

  test('what belongs to none is the form’s', () => {
    const refused = new ApiError({ ...problem, status: 401, code: 'wrong_credentials' });
    expect(formProblem(refused, ['username'])).toEqual({
      fields: {},
      form: { code: 'wrong_credentials', detail: 'the whole' },
    });
  });
});

describe('people', () => {
  test('each is asked for once, those learnt together are told of once, one that failed is asked for again', async () => {
    const asked: number[] = [];
    const soon: (() => void)[] = [];
    let reachable = false;
    const people = createPeople(
      async (id) => {
        asked.push(id);
        if (!reachable) throw new Error('away');
        return { id, username: `user${id}`, display_name: null };
      },
      (act) => soon.push(act),
    );
    let told = 0;
    people.watch(() => {
      told += 1;
    });
    expect(people.person(1)).toBeUndefined();
    people.person(1);
    await Promise.resolve();
    await Promise.resolve();
    expect(asked).toEqual([1]);
    reachable = true;
    people.person(1);
    people.person(2);
    await Promise.resolve();
    await Promise.resolve();
    expect(asked).toEqual([1, 1, 2]);
    for (const act of soon) act();
    expect(told).toBe(1);
    expect(people.person(2)?.username).toBe('user2');
  });
});
