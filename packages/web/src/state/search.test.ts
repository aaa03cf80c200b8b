import { ApiError, clientError } from '@beseda/client/api-error.ts';
import type { SearchPage } from '@beseda/protocol/search.ts';
import { expect, test } from 'vitest';
import { handClock } from './hand-clock.testing.ts';
import { excerptOf } from './search-excerpt.ts';
import { createMessageSearch } from './search.ts';

const AT = '2026-11-22T10:00:00.000Z';

function message(id: number, text: string) {
  return {
    id,
    chat_id: 1,
    version: id,
    sender_id: 2,
    client_id: null,
    text,
    created_at: AT,
    reply_to: null,
    reactions: [],
    files: [],
    pinned_at: null,
    forwarded_from: null,
    edited_at: null,
    deleted_at: null,
  };
}

/** A page with these messages. */
function page(ids: readonly number[], next: string | null = null): SearchPage {
  const results = ids.map((id) => ({ message: { ...message(id, `garden ${id}`), is_read: true }, highlights: [] }));
  return { results, way: 'words', next };
}

/** One chat of which two messages are held, and a server that answers with what it is given, one after the other. */
function scene(...answers: (SearchPage | ApiError)[]) {
  const clock = handClock();
  const asked: { query: string; cursor: string | undefined }[] = [];
  const store = {
    inbox: () => [{ id: 1 }],
    messages: () => ({ runs: [[message(7, 'The Garden'), message(8, 'something else')]] }),
  } as unknown as Parameters<typeof createMessageSearch>[0]['store'];
  const search = createMessageSearch({
    store,
    clock,
    ask: async (query, { cursor }) => {
      asked.push({ query, cursor });
      const answer = answers.shift();
      if (answer === undefined || answer instanceof ApiError) throw answer ?? clientError('unreachable', 'away');
      return answer;
    },
  });
  const ids = (): number[] => search.get().found.map(({ messageId }) => messageId);
  return { search, clock, asked, ids };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

test('what is held here is found at once, and what the server has once it answers', async () => {
  const { search, clock, asked, ids } = scene(page([3, 4]));
  search.type('gar');
  search.type('garden');
  expect(search.get()).toMatchObject({ state: 'searching', found: [{ pieces: [{ text: 'The ' }, { marked: true }] }] });
  expect(ids()).toEqual([7]);
  clock.pass(200);
  await settled();
  expect(ids()).toEqual([3, 4]);
  expect(asked).toEqual([{ query: 'garden', cursor: undefined }]);
});

test('pages follow each other, and none twice', async () => {
  const { search, clock, asked, ids } = scene(page([3, 4], 'next'), page([4, 5]));
  search.type('garden');
  clock.pass(200);
  await settled();
  search.goOn();
  search.goOn();
  await settled();
  search.goOn();
  expect(ids()).toEqual([3, 4, 5]);
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, 'next']);
  expect(search.get()).toMatchObject({ state: 'found', more: false });
});

test('a filter that means nothing is told, by the page itself or by the server', async () => {
  const problem = { type: 'about:blank', title: '', status: 422, detail: '', code: 'invalid_input' };
  const { search, clock, asked } = scene(
    new ApiError({ ...problem, errors: [{ loc: [], msg: 'from:x – nobody is called so', type: 'filter' }] }),
  );
  search.type('garden has:wings');
  clock.pass(200);
  expect(search.get()).toMatchObject({ state: 'refused', refused: 'has:wings' });
  expect(asked).toEqual([]);
  search.type('garden from:x');
  clock.pass(200);
  await settled();
  expect(search.get()).toMatchObject({ state: 'refused', refused: 'from:x', found: [] });
});

test('without a connection what is held stays, and it can be tried again', async () => {
  const { search, clock, ids } = scene(clientError('unreachable', 'away'), page([3]));
  search.type('garden');
  clock.pass(200);
  await settled();
  expect(search.get().state).toBe('failed');
  expect(ids()).toEqual([7]);
  search.goOn();
  await settled();
  expect(ids()).toEqual([3]);
});

test('a day begins at the reader’s midnight', async () => {
  const { search, clock, asked } = scene(page([]));
  search.type('garden after:2026-11-22');
  clock.pass(200);
  await settled();
  expect(asked[0]?.query).toBe(`garden after:${new Date('2026-11-22T00:00').toISOString()}`);
});

test('an excerpt shows what was looked for, on one line, and not what is hidden', () => {
  const long = `${'word '.repeat(60)}needle\nin the hay`;
  const pieces = excerptOf(long, [{ start: 300, end: 306 }]);
  expect(pieces.map(({ text }) => text).join('')).toBe(`… ${'word '.repeat(8)}needle in the hay`);
  expect(pieces.filter(({ marked }) => marked)).toEqual([{ text: 'needle', marked: true }]);
  expect(excerptOf('it was ||him|| there', [{ start: 9, end: 12 }])).toEqual([
    { text: 'it was ▒▒', marked: false },
    { text: '▒▒▒', marked: true },
    { text: '▒▒ there', marked: false },
  ]);
});
