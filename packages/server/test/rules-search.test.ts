import { SearchPage } from '@beseda/protocol/search.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 86_400 * 400 });
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
});
afterAll(async () => server.stop());

interface More {
  chat_id?: number;
  limit?: number;
  cursor?: string;
}

async function page(person: Person, query: string, more: More = {}): Promise<SearchPage> {
  const given = Object.entries(more).map(([name, value]): [string, string] => [name, String(value)]);
  const address = `/search?${new URLSearchParams([['query', query], ...given]).toString()}`;
  return expectAnswer(ask(server, 'GET', address, { token: person.token }), 200, SearchPage);
}

/** The texts found, the best first. */
async function texts(person: Person, query: string, more: More = {}): Promise<string[]> {
  return (await page(person, query, more)).results.map(({ message }) => message.text);
}

async function refusal(person: Person, query: string, more: More = {}) {
  const given = Object.entries(more).map(([name, value]): [string, string] => [name, String(value)]);
  const address = `/search?${new URLSearchParams([['query', query], ...given]).toString()}`;
  const { status, body } = await ask(server, 'GET', address, { token: person.token });
  return { status, detail: String(Object(body).detail), code: String(Object(body).code) };
}

/** A new group of both with these messages of Anna's. */
async function groupWith(...said: string[]): Promise<number> {
  const { id } = await createGroup(server, anna, [boris]);
  for (const text of said) await sendText(server, anna, id, text);
  return id;
}

describe('words', () => {
  test.each([
    ['книгами', 'Новая книга лежит на столе'],
    ['studying', 'She studies the map'],
    ['елка', 'Ёлка уже стоит'],
    ['resume', 'My résumé is attached'],
    ['ПЕРЕГОВОРЫ', 'Завтра переговоры'],
    ['перегов', 'Завтра переговоры'],
    ['example', 'Look: https://www.example.com/page'],
    ['foo', 'it is in src/foo.ts'],
    ['会议', '明天的会议在三点'],
    ['회의', '내일 회의가 있습니다'],
    ['ミーティング', '明日のミーティングは三時'],
  ])('SE1 “%s” finds “%s”, whatever its form', async (query, text) => {
    const chatId = await groupWith('Nothing of the kind', text);
    expect(await page(anna, query, { chat_id: chatId })).toMatchObject({
      results: [{ message: { chat_id: chatId, id: 2, text } }],
      way: 'words',
      next: null,
    });
  });

  test('SE1 all of them must be there, in any order', async () => {
    const chatId = await groupWith('the red garden', 'a garden, and it is red', 'red', 'garden');
    expect((await texts(anna, 'red garden', { chat_id: chatId })).toSorted()).toEqual([
      'a garden, and it is red',
      'the red garden',
    ]);
  });

  test('SE1 a phrase is found as it is written', async () => {
    const chatId = await groupWith('ключ от сарая', 'ключи от сарая', 'от сарая ключ', 'Вот: Ключ, от сарая!');
    expect((await texts(anna, '"ключ от сарая"', { chat_id: chatId })).toSorted()).toEqual([
      'Вот: Ключ, от сарая!',
      'ключ от сарая',
    ]);
  });

  test('SE2 parts of words are found where no word is, and after them words with a wrong letter', async () => {
    const chatId = await groupWith('переключатель сломан', 'Привет всем', 'remember the milk');
    expect(await page(anna, 'ключат', { chat_id: chatId })).toMatchObject({
      results: [{ message: { id: 1 }, highlights: [{ start: 4, end: 10 }] }],
      way: 'parts',
    });
    for (const [query, id] of [
      ['превет', 2],
      ['првиет', 2],
      ['remeber', 3],
    ] as const) {
      expect(await page(anna, query, { chat_id: chatId })).toMatchObject({
        results: [{ message: { id } }],
        way: 'typos',
      });
    }
  });

  test('SE2 words that are too frequent to be indexed are found as parts', async () => {
    const chatId = await groupWith('to be or not to be', 'something else');
    expect(await texts(anna, 'not to be', { chat_id: chatId })).toEqual(['to be or not to be']);
  });

  test('SE2 what LIKE and full text search give a meaning to is text', async () => {
    const chatId = await groupWith("100%_sure \\ it's", 'a & b | !c <-> (d):*', 'plain');
    for (const query of ['%', '_', '\\', "'", '"', '&', '|', '!', '<->', ':*', '(', ')', "it's", '%%%', '!!', "':*"]) {
      const { status } = await ask(server, 'GET', `/search?query=${encodeURIComponent(query)}&chat_id=${chatId}`, {
        token: anna.token,
      });
      expect([query, [200, 422].includes(status)]).toEqual([query, true]);
    }
    expect(await texts(anna, '100%', { chat_id: chatId })).toEqual(["100%_sure \\ it's"]);
  });
});

describe('order and pages', () => {
  test('SE3 what holds the very word comes before what begins with it, and the newer before the older', async () => {
    const chatId = await groupWith('gardening', 'garden', 'gardenia');
    server.clock.advance(86_400 * 60);
    await sendText(server, anna, chatId, 'the garden');
    const found = await texts(anna, 'garden', { chat_id: chatId });
    expect(found[0]).toBe('the garden');
    expect(found).toHaveLength(4);
    expect(found.at(-1)).toBe('gardenia');
  });

  test('SE4 pages follow each other without repeats or gaps, whatever is sent meanwhile', async () => {
    const said = Array.from({ length: 23 }, (_, index) => `needle number ${index}`);
    const chatId = await groupWith(...said);
    const found: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const { results, next }: SearchPage = await page(anna, 'needle', {
        chat_id: chatId,
        limit: 5,
        ...(cursor === undefined ? {} : { cursor }),
      });
      server.clock.advance(1);
      await sendText(server, boris, chatId, 'one more needle');
      found.push(...results.map(({ message }) => message.text));
      cursor = next ?? undefined;
      pages += 1;
    } while (cursor !== undefined);
    expect(found.toSorted()).toEqual(said.toSorted());
    expect(pages).toBe(5);
  });

  test('SE4 in a chat of several blocks the newest are found first, and all of them in the end', async () => {
    const { id: chatId } = await createGroup(server, anna, [boris]);
    await fill(chatId, 12_000);
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const { results, next }: SearchPage = await page(anna, 'thousandth', {
        chat_id: chatId,
        limit: 3,
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...results.map(({ message }) => message.id));
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(found.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) * 1000));
    expect(Math.min(...found.slice(0, 3))).toBeGreaterThanOrEqual(9000);
    const common = await page(anna, 'line', { chat_id: chatId, limit: 50 });
    expect(Math.min(...common.results.map(({ message }) => message.id))).toBeGreaterThan(8000);
  });

  test('SE4 a cursor that no page gave is refused', async () => {
    for (const cursor of ['', 'x', 'AAAA', Buffer.from('9 1 1 1 1 1 1').toString('base64url')]) {
      expect(await refusal(anna, 'word', { cursor })).toMatchObject({ status: 422, code: 'invalid_input' });
    }
  });
});

/** Messages of Anna's, each thousandth of which says so. */
async function fill(chatId: number, count: number): Promise<void> {
  await sql`
    INSERT INTO messages (chat_id, id, version, sender_id, text, created_at)
    SELECT ${chatId}, n, n + 10, ${anna.id}, 'line ' || CASE WHEN n % 1000 = 0 THEN 'thousandth' ELSE '' END,
      ${server.clock.now()}
    FROM generate_series(1, ${count}::int) AS n`.execute(server.db);
  await server.db
    .updateTable('chats')
    .set({ last_message_id: count, version: count + 10 })
    .where('id', '=', chatId)
    .execute();
}

describe('filters', () => {
  test('SE5 from:, in:, has:link, before: and after: narrow, alone and together', async () => {
    const garden = await createGroup(server, anna, [boris]);
    await ask(server, 'PATCH', `/groups/${garden.id}`, { token: anna.token, json: { name: 'The Garden' } });
    await ask(server, 'PATCH', '/users/me', { token: boris.token, json: { display_name: 'Борис' } });
    const name = boris.username;
    await sendText(server, anna, garden.id, 'plan one https://sad.example/plan');
    await sendText(server, boris, garden.id, 'plan two');
    const { id: personal } = await openChat(server, anna, boris);
    const inside = { chat_id: garden.id };
    expect(await texts(anna, `plan from:${name}`, inside)).toEqual(['plan two']);
    expect(await texts(anna, 'from:борис', inside)).toEqual(['plan two']);
    expect(await texts(anna, 'plan from:me', inside)).toEqual(['plan one https://sad.example/plan']);
    expect(await texts(anna, `from:@${name}`, inside)).toEqual(['plan two']);
    expect(await texts(anna, 'has:link', inside)).toEqual(['plan one https://sad.example/plan']);
    expect(await texts(anna, 'plan in:"the garden" has:link')).toEqual(['plan one https://sad.example/plan']);
    await sendText(server, anna, personal, 'a private plan');
    expect(await texts(anna, `plan in:${name}`)).toEqual(['a private plan']);
    const day = server.clock.now().toISOString().slice(0, 10);
    const later = new Date(server.clock.now().getTime() + 86_400_000).toISOString().slice(0, 10);
    expect(await texts(anna, `plan before:${day}`, inside)).toEqual([]);
    expect(await texts(anna, `plan before:${later} from:${name}`, inside)).toEqual(['plan two']);
    expect(await texts(anna, `after:${day} from:${name}`, inside)).toEqual(['plan two']);
    expect(await texts(anna, `after:${later}`, inside)).toEqual([]);
  });

  test.each([
    ['from:', /from: – needs a value/],
    ['from:nobody-at-all', /from:nobody-at-all – nobody is called so/],
    ['in:nowhere', /in:nowhere – none of your chats/],
    ['has:wings', /has:wings – knows link/],
    ['before:yesterday', /before:yesterday – takes a day such as/],
    ['before:2026-02-31', /before:2026-02-31 – takes a day such as/],
    ['after:2026-01-01 after:2026-01-02', /after:2026-01-02 – may be given once/],
    ['   ', /must hold a word or a filter/],
    ['one two three four five six seven eight nine', /may hold 8 words and phrases, and holds 9/],
  ])('SE5 “%s” is refused, and told what is wrong with it', async (query, detail) => {
    expect(await refusal(anna, query)).toMatchObject({ status: 422, detail: expect.stringMatching(detail) });
  });
});

describe('what changes', () => {
  test('SE6 an edit is found by the new text alone, a deleted message by nothing', async () => {
    const chatId = await groupWith('salamander', 'crocodile');
    await ask(server, 'PATCH', `/messages/${chatId}/1`, { token: anna.token, json: { text: 'hippopotamus' } });
    await ask(server, 'DELETE', `/messages/${chatId}/2`, { token: anna.token });
    expect(await texts(anna, 'hippopotamus', { chat_id: chatId })).toEqual(['hippopotamus']);
    expect(await texts(anna, 'salamander', { chat_id: chatId })).toEqual([]);
    expect(await texts(anna, 'crocodile', { chat_id: chatId })).toEqual([]);
    expect(await texts(anna, 'from:me', { chat_id: chatId })).toEqual(['hippopotamus']);
  });

  test('SE7 who joins later finds what was said before, as the history shows it', async () => {
    const chatId = await groupWith('wallflower');
    const late = await signUp(server);
    expect(await texts(late, 'wallflower')).toEqual([]);
    await ask(server, 'POST', `/groups/${chatId}/members/${late.id}`, { token: anna.token });
    expect(await texts(late, 'wallflower')).toEqual(['wallflower']);
  });
});

describe('highlights', () => {
  test.each([
    ['garden', '👍 The gardens', [{ start: 6, end: 13 }]],
    ['ёлка', 'У ёлки', [{ start: 2, end: 6 }]],
    ['"at noon"', 'At noon, at five', [{ start: 0, end: 7 }]],
    ['会议', '明天的会议', [{ start: 3, end: 5 }]],
    ['study', 'he studies', [{ start: 3, end: 10 }]],
  ])('SE8 “%s” in “%s” is told in characters', async (query, text, highlights) => {
    const chatId = await groupWith(text);
    expect((await page(anna, query, { chat_id: chatId })).results[0]?.highlights).toEqual(highlights);
  });
});

describe('case 5: searching messages tells of the own chats alone', () => {
  test('SE7 a canary is found by no outsider, by none who was removed, and its chat is as one that is not there', async () => {
    const outsider = await signUp(server);
    const removed = await signUp(server);
    const { id } = await createGroup(server, anna, [boris, removed]);
    await sendText(server, anna, id, 'kanarienvogel singt');
    const queries = [
      'kanarienvogel',
      'kanarien',
      'arienvog',
      'kanarienvogle',
      '"kanarienvogel singt"',
      `from:${anna.username}`,
    ];
    for (const query of queries.slice(0, 5)) expect(await texts(removed, query)).toEqual(['kanarienvogel singt']);
    const { next } = await page(boris, `from:${anna.username}`, { limit: 1 });
    await ask(server, 'DELETE', `/groups/${id}/members/${removed.id}`, { token: anna.token });
    for (const person of [outsider, removed]) {
      for (const query of queries) {
        expect(await page(person, query)).toEqual({ results: [], way: 'words', next: null });
        expect(await refusal(person, query, { chat_id: id })).toMatchObject({ status: 404, code: 'chat_not_found' });
      }
      const foreign = await page(person, `from:${anna.username}`, { cursor: next ?? '' });
      expect(foreign.results).toEqual([]);
    }
    expect(await refusal(outsider, 'word', { chat_id: id })).toEqual(
      Object.assign(await refusal(outsider, 'word', { chat_id: 987_654 }), {
        detail: `There is no chat ${id} among yours.`,
      }),
    );
  });
});
