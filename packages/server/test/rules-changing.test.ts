import { Changes, Chat } from '@beseda/protocol/chats.ts';
import { REACTION_KINDS, REACTION_USERS } from '@beseda/protocol/limits.ts';
import { EarlierTexts, Message } from '@beseda/protocol/messages.ts';
import fc from 'fast-check';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ask,
  createGroup,
  expectAnswer,
  openChat,
  sendText,
  signUp,
  type Answer,
  type Person,
} from '../testing/api-client.ts';
import { joinChat } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let vera: Person;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
  vera = await signUp(server, 'vera');
});
afterAll(async () => {
  await server.stop();
});

async function as(person: Person, method: string, path: string, json?: object): Promise<Answer> {
  return ask(server, method, path, { token: person.token, ...(json === undefined ? {} : { json }) });
}

const edit = async (person: Person, chatId: number, id: number, text: string) =>
  as(person, 'PATCH', `/messages/${chatId}/${id}`, { text });
const remove = async (person: Person, chatId: number, id: number) => as(person, 'DELETE', `/messages/${chatId}/${id}`);
const reply = async (person: Person, chatId: number, id: number, text = 'an answer') =>
  as(person, 'POST', `/messages/${chatId}/send`, { text, reply_to: id });
const reaction = async (person: Person, method: 'PUT' | 'DELETE', chatId: number, id: number, emoji: string) =>
  as(person, method, `/messages/${chatId}/${id}/reactions/${encodeURIComponent(emoji)}`);
const get = async (person: Person, chatId: number, id: number): Promise<Message> =>
  expectAnswer(as(person, 'GET', `/messages/${chatId}/${id}`), 200, Message);
const edits = async (person: Person, chatId: number, id: number) =>
  expectAnswer(as(person, 'GET', `/messages/${chatId}/${id}/edits`), 200, EarlierTexts);
const chatOf = async (person: Person, chatId: number): Promise<Chat> =>
  expectAnswer(as(person, 'GET', `/chats/${chatId}`), 200, Chat);
const history = async (person: Person, chatId: number): Promise<Message[]> =>
  expectAnswer(as(person, 'GET', `/messages/history/${chatId}?limit=200`), 200, Type.Array(Message));

/** What answers and frames have in common: the state of the message. */
function stateOf(told: object): Record<string, unknown> {
  const state: Record<string, unknown> = { ...told };
  for (const name of ['type', 'timestamp', 'is_read']) delete state[name];
  return state;
}

/** The message as frames at the door of the chat have it. */
function asFrame(message: Message): object {
  return { type: 'message', ...stateOf(message), timestamp: message.created_at };
}

/** What the act changes: how many versions it takes, and the frames that a socket at the door of the chat gets. */
async function effect(chatId: number, act: () => Promise<Answer>) {
  const socket = await joinChat(server, chatId, anna.token);
  const before = (await chatOf(anna, chatId)).version;
  const answer = await act();
  const after = (await chatOf(anna, chatId)).version;
  // What is told, is told in order: a message sent now comes after all that the act told.
  const { id } = await sendText(server, anna, chatId, 'done');
  await socket.next((frame) => frame.type === 'message' && frame['id'] === id);
  socket.close();
  return { answer, versions: after - before, frames: socket.frames.slice(1, -1) };
}

/** A group of Anna's with Boris and Vera, and one message of Boris's. */
async function talk(): Promise<number> {
  const { id } = await createGroup(server, anna, [boris, vera]);
  await sendText(server, boris, id, 'the first');
  return id;
}

describe('CH1 editing', () => {
  test('CH1 its author edits a message: the answer, the frame and the history have the new text', async () => {
    const chatId = await talk();
    server.clock.advance(60);
    const { answer, versions, frames } = await effect(chatId, async () => edit(boris, chatId, 1, '  the second '));
    const now = server.clock.now().toISOString();
    expect(answer).toMatchObject({ status: 200, body: { id: 1, version: 6, text: 'the second', edited_at: now } });
    expect(versions).toBe(1);
    expect(frames).toEqual([asFrame(answer.body as Message)]);
    expect((await history(vera, chatId))[1]).toEqual(await get(vera, chatId, 1));
    expect((await get(vera, chatId, 1)).version).toBe(6);
  });

  test('CH1 the same text again changes nothing and is told to nobody', async () => {
    const chatId = await talk();
    const { answer, versions, frames } = await effect(chatId, async () => edit(boris, chatId, 1, ' the first'));
    expect(answer).toMatchObject({ status: 200, body: { text: 'the first', edited_at: null, version: 5 } });
    expect([versions, frames]).toEqual([0, []]);
    expect(await edits(anna, chatId, 1)).toEqual([]);
  });

  test('CH1 nobody else may, not even the creator of the group', async () => {
    const chatId = await talk();
    for (const person of [anna, vera]) {
      const { answer, versions, frames } = await effect(chatId, async () => edit(person, chatId, 1, 'forged'));
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
      expect([versions, frames]).toEqual([0, []]);
    }
  });

  test('CH1 earlier texts are kept with the moment they were replaced, oldest first, and members may read them', async () => {
    const chatId = await talk();
    const moments = [];
    for (const text of ['the second', 'the third']) {
      server.clock.advance(60);
      moments.push(server.clock.now().toISOString());
      await edit(boris, chatId, 1, text);
    }
    expect(await edits(vera, chatId, 1)).toEqual([
      { text: 'the first', edited_at: moments[0] },
      { text: 'the second', edited_at: moments[1] },
    ]);
  });

  test('CH1 of a hundred and one earlier texts the latest hundred are told', async () => {
    const chatId = await talk();
    for (let count = 1; count <= 101; count += 1) await edit(boris, chatId, 1, `text ${count}`);
    const told = await edits(vera, chatId, 1);
    expect([told.length, told.at(0)?.text, told.at(-1)?.text]).toEqual([100, 'text 1', 'text 100']);
  });

  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['4,097 characters', 'x'.repeat(4097)],
    ['NUL', 'nul \0'],
    ['half a pair', 'half \ud83d'],
  ])('CH1 a text that could not be sent cannot be edited to: %s', async (_, text) => {
    const chatId = await talk();
    expect(await edit(boris, chatId, 1, text)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });

  test('CH1 editing moves no mark and is no activity: unread counts and message ids stay', async () => {
    const chatId = await talk();
    const before = await chatOf(vera, chatId);
    await edit(boris, chatId, 1, 'the second');
    const after = await chatOf(vera, chatId);
    expect(after).toMatchObject({ unread_count: before.unread_count, last_message_id: 1, version: before.version + 1 });
    expect(after.last_message).toMatchObject({ text: 'the second' });
  });

  test('CH1 a repeat of the send answers with the message as it stands now', async () => {
    const chatId = await talk();
    const json = { text: 'once', client_id: randomUUID() };
    await as(boris, 'POST', `/messages/${chatId}/send`, json);
    await edit(boris, chatId, 2, 'twice');
    await reaction(vera, 'PUT', chatId, 2, '👍');
    const again = await as(boris, 'POST', `/messages/${chatId}/send`, json);
    expect(again).toMatchObject({ status: 201, body: await get(boris, chatId, 2) });
    expect(again.body).toMatchObject({ text: 'twice', reactions: [{ emoji: '👍', count: 1, user_ids: [vera.id] }] });
  });
});

describe('CH2 deleting', () => {
  test('CH2 a deleted message keeps who, when and what it answered, and nothing of what it said', async () => {
    const chatId = await talk();
    await reply(boris, chatId, 1, 'to be forgotten');
    await edit(boris, chatId, 2, 'to be forgotten too');
    await reaction(vera, 'PUT', chatId, 2, '👍');
    const before = await get(vera, chatId, 2);
    const { answer, versions, frames } = await effect(chatId, async () => remove(boris, chatId, 2));
    expect([answer.status, answer.body]).toEqual([204, '']);
    expect(versions).toBe(1);
    const after = await get(vera, chatId, 2);
    const deletedAt = server.clock.now().toISOString();
    expect(after).toEqual({
      ...before,
      version: before.version + 1,
      text: '',
      reactions: [],
      edited_at: null,
      deleted_at: deletedAt,
      pinned_at: null,
      forwarded_from: null,
    });
    expect(after.reply_to).toEqual({ id: 1, sender_id: boris.id });
    expect(frames).toEqual([asFrame(after)]);
    expect((await history(vera, chatId))[1]).toEqual(after);
    expect(await edits(vera, chatId, 2)).toEqual([]);
  });

  test('CH2 text, earlier texts and reactions are gone from the database', async () => {
    const chatId = await talk();
    await edit(boris, chatId, 1, 'the second');
    await reaction(vera, 'PUT', chatId, 1, '👍');
    await remove(boris, chatId, 1);
    for (const table of ['reactions', 'message_edits'] as const) {
      expect(await server.db.selectFrom(table).selectAll().where('chat_id', '=', chatId).execute()).toEqual([]);
    }
    const rows = await server.db.selectFrom('messages').select('text').where('chat_id', '=', chatId).execute();
    expect(rows).toEqual([{ text: '' }]);
  });

  test('CH2 the creator of a group deletes what others wrote; another member does not', async () => {
    const chatId = await talk();
    const refused = await effect(chatId, async () => remove(vera, chatId, 1));
    expect(refused).toMatchObject({ answer: { status: 403, body: { code: 'forbidden' } }, versions: 0, frames: [] });
    expect((await remove(anna, chatId, 1)).status).toBe(204);
  });

  test('CH2 in a personal chat neither deletes what the other wrote', async () => {
    const peer = await signUp(server);
    const chat = await openChat(server, anna, peer);
    await sendText(server, peer, chat.id, 'mine');
    await sendText(server, anna, chat.id, 'hers');
    expect(await remove(anna, chat.id, 1)).toMatchObject({ status: 403 });
    expect(await remove(peer, chat.id, 2)).toMatchObject({ status: 403 });
    expect(await remove(peer, chat.id, 1)).toMatchObject({ status: 204 });
  });

  test('CH2 deleting again answers 204 and changes nothing', async () => {
    const chatId = await talk();
    await remove(boris, chatId, 1);
    server.clock.advance(60);
    for (const person of [boris, anna]) {
      const again = await effect(chatId, async () => remove(person, chatId, 1));
      expect(again).toMatchObject({ answer: { status: 204 }, versions: 0, frames: [] });
    }
  });

  test('CH2 what is deleted can be neither edited, answered nor reacted to', async () => {
    const chatId = await talk();
    await remove(boris, chatId, 1);
    const gone = { status: 404, body: { code: 'message_not_found' } };
    expect(await edit(boris, chatId, 1, 'back')).toMatchObject(gone);
    expect(await edit(vera, chatId, 1, 'back')).toMatchObject(gone);
    expect(await reply(vera, chatId, 1)).toMatchObject(gone);
    expect(await reaction(vera, 'PUT', chatId, 1, '👍')).toMatchObject(gone);
    expect(await reaction(vera, 'DELETE', chatId, 1, '👍')).toMatchObject(gone);
  });

  test('CH2 a repeat of the send of a deleted message brings nothing back', async () => {
    const chatId = await talk();
    const json = { text: 'once', client_id: randomUUID() };
    await as(boris, 'POST', `/messages/${chatId}/send`, json);
    await remove(boris, chatId, 2);
    const again = await as(boris, 'POST', `/messages/${chatId}/send`, json);
    expect(again).toMatchObject({ status: 201, body: { id: 2, text: '' } });
    expect(await history(boris, chatId)).toHaveLength(2);
  });
});

describe('CH3 answering', () => {
  test('CH3 a message names the one it answers and whose that is', async () => {
    const chatId = await talk();
    const { answer, frames } = await effect(chatId, async () => reply(vera, chatId, 1));
    expect(answer).toMatchObject({ status: 201, body: { id: 2, reply_to: { id: 1, sender_id: boris.id } } });
    expect(frames).toEqual([asFrame(answer.body as Message)]);
    expect((await history(anna, chatId))[1]).toEqual(answer.body);
    expect((await chatOf(vera, chatId)).last_message?.reply_to).toBeNull();
  });

  test('CH3 so does a frame through the door of the chat', async () => {
    const chatId = await talk();
    const hers = await joinChat(server, chatId, vera.token);
    const his = await joinChat(server, chatId, boris.token);
    hers.send({ type: 'message', text: 'an answer', reply_to: 1 });
    expect(await his.next()).toMatchObject({ id: 2, reply_to: { id: 1, sender_id: boris.id } });
    hers.send({ type: 'message', text: 'an answer', reply_to: 9, ref: 'r' });
    expect(await hers.next()).toMatchObject({ type: 'error', code: 'message_not_found', ref: 'r' });
    hers.send({ type: 'message', text: 'an answer', reply_to: '1', ref: 'r' });
    expect(await hers.next()).toMatchObject({ type: 'error', code: 'invalid_input', ref: 'r' });
    hers.close();
    his.close();
  });

  test('CH3 a client that knows its next id answers it at once, before the first is acknowledged', async () => {
    const chatId = await talk();
    const socket = await joinChat(server, chatId, vera.token);
    // The first is written by itself; the others wait for it and are written together.
    socket.send({ type: 'message', text: 'two' });
    socket.send({ type: 'message', text: 'three' });
    socket.send({ type: 'message', text: 'four', reply_to: 3, ref: 'r' });
    expect(await socket.next()).toMatchObject({ type: 'ack', ref: 'r', message_id: 4 });
    expect((await get(vera, chatId, 4)).reply_to).toEqual({ id: 3, sender_id: vera.id });
    socket.close();
  });

  test('CH3 what is answered must be a message of the same chat', async () => {
    const chatId = await talk();
    const other = await talk();
    await sendText(server, boris, other, 'only there');
    // The other chat has a second message, this one has not.
    for (const id of [2, 999, Number.MAX_SAFE_INTEGER]) {
      expect(await reply(vera, chatId, id)).toMatchObject({ status: 404, body: { code: 'message_not_found' } });
    }
    expect(await chatOf(vera, chatId)).toMatchObject({ version: 5, last_message_id: 1 });
    for (const id of [0, -1, 1.5, '1', null]) {
      const answer = await as(vera, 'POST', `/messages/${chatId}/send`, { text: 'x', reply_to: id });
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    }
    const outsider = await signUp(server);
    expect(await reply(outsider, chatId, 1)).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
  });

  test('CH3 a refused answer fails alone: what is sent with it is stored, without a gap', async () => {
    const chatId = await talk();
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => (await reply(vera, chatId, index % 3 === 0 ? 999 : 1)).status),
    );
    expect(statuses).toEqual(statuses.map((_, index) => (index % 3 === 0 ? 404 : 201)));
    const ids = (await history(vera, chatId)).map(({ id }) => id);
    expect(ids).toEqual(Array.from({ length: 41 }, (_, index) => 41 - index));
    expect((await chatOf(vera, chatId)).version).toBe(45);
  });

  test('CH3 the answer stays what it is when the answered message is edited or deleted; a repeat is still one', async () => {
    const chatId = await talk();
    const json = { text: 'an answer', reply_to: 1, client_id: randomUUID() };
    const { body } = await as(vera, 'POST', `/messages/${chatId}/send`, json);
    await remove(boris, chatId, 1);
    expect(await get(vera, chatId, 2)).toEqual(body);
    const again = await as(vera, 'POST', `/messages/${chatId}/send`, json);
    expect([again.status, again.body]).toEqual([201, body]);
  });
});

describe('CH4 reacting', () => {
  test('CH4 a reaction is counted with who gave it; the same again changes nothing', async () => {
    const chatId = await talk();
    const { answer, versions, frames } = await effect(chatId, async () => reaction(vera, 'PUT', chatId, 1, '👍'));
    expect(answer).toMatchObject({
      status: 200,
      body: { reactions: [{ emoji: '👍', count: 1, user_ids: [vera.id] }] },
    });
    expect(versions).toBe(1);
    expect(frames).toEqual([asFrame(answer.body as Message)]);
    const again = await effect(chatId, async () => reaction(vera, 'PUT', chatId, 1, '👍'));
    expect(again).toMatchObject({ answer: { status: 200, body: answer.body }, versions: 0, frames: [] });
  });

  test('CH4 kinds stand in the order in which each was first used, people in the order in which they came', async () => {
    const chatId = await talk();
    for (const [person, emoji] of [
      [vera, '🎉'],
      [anna, '👍'],
      [boris, '🎉'],
      [anna, '🎉'],
      [vera, '👍'],
    ] as const) {
      await reaction(person, 'PUT', chatId, 1, emoji);
    }
    const reactions = [
      { emoji: '🎉', count: 3, user_ids: [vera.id, boris.id, anna.id] },
      { emoji: '👍', count: 2, user_ids: [anna.id, vera.id] },
    ];
    expect((await get(vera, chatId, 1)).reactions).toEqual(reactions);
    expect((await history(vera, chatId))[0]?.reactions).toEqual(reactions);
    expect((await chatOf(vera, chatId)).last_message?.reactions).toEqual(reactions);
    const since = expectAnswer(as(vera, 'GET', `/chats/${chatId}/changes?since=9`), 200, Changes);
    expect((await since).changes).toMatchObject([{ version: 10, reactions }]);
  });

  test('CH4 taking it back is a change; taking back what is not there is none', async () => {
    const chatId = await talk();
    for (const person of [vera, anna]) await reaction(person, 'PUT', chatId, 1, '👍');
    const back = await effect(chatId, async () => reaction(vera, 'DELETE', chatId, 1, '👍'));
    expect(back.answer).toMatchObject({
      status: 200,
      body: { reactions: [{ emoji: '👍', count: 1, user_ids: [anna.id] }] },
    });
    expect([back.versions, back.frames]).toEqual([1, [asFrame(back.answer.body as Message)]]);
    for (const [person, emoji] of [
      [vera, '👍'],
      [anna, '🎉'],
    ] as const) {
      const nothing = await effect(chatId, async () => reaction(person, 'DELETE', chatId, 1, emoji));
      expect(nothing).toMatchObject({ answer: { status: 200, body: back.answer.body }, versions: 0, frames: [] });
    }
    expect(await reaction(anna, 'DELETE', chatId, 1, '👍')).toMatchObject({ status: 200, body: { reactions: [] } });
  });

  test.each(['❤️', '👨‍👩‍👧‍👦', '🇷🇺', '👍🏽', '#️⃣', '*️⃣', '🏴‍☠️'])('CH4 %s is one emoji', async (emoji) => {
    const chatId = await talk();
    expect(await reaction(vera, 'PUT', chatId, 1, emoji)).toMatchObject({
      status: 200,
      body: { reactions: [{ emoji }] },
    });
    expect(await reaction(vera, 'DELETE', chatId, 1, emoji)).toMatchObject({ status: 200, body: { reactions: [] } });
  });

  test.each(['a', '1', '#', '👍👍', '👍 ', 'like', '\u200d', 'é', '\0', '🇷', '<b>', '👍'.repeat(9)])(
    'CH4 %j is not one emoji',
    async (emoji) => {
      const chatId = await talk();
      const refusal = { status: 422, body: { code: 'invalid_input', errors: [{ loc: ['path', 'emoji'] }] } };
      expect(await reaction(vera, 'PUT', chatId, 1, emoji)).toMatchObject(refusal);
      expect(await reaction(vera, 'DELETE', chatId, 1, emoji)).toMatchObject(refusal);
    },
  );

  test('CH4 a message has at most 20 kinds of reaction, and any number of each', async () => {
    const chatId = await talk();
    const kinds = Array.from({ length: REACTION_KINDS.max }, (_, index) => String.fromCodePoint(0x1f600 + index));
    for (const emoji of kinds) expect((await reaction(vera, 'PUT', chatId, 1, emoji)).status).toBe(200);
    const refused = await effect(chatId, async () => reaction(anna, 'PUT', chatId, 1, '👍'));
    expect(refused).toMatchObject({ answer: { status: 422, body: { code: 'too_many_reactions' } }, versions: 0 });
    expect((await reaction(anna, 'PUT', chatId, 1, kinds[0] ?? '')).status).toBe(200);
    await reaction(vera, 'DELETE', chatId, 1, kinds[1] ?? '');
    expect((await reaction(anna, 'PUT', chatId, 1, '👍')).status).toBe(200);
    expect((await get(anna, chatId, 1)).reactions.map(({ emoji }) => emoji)).toEqual(
      // The first kind is still the first, with one more.
      [...kinds.filter((_, index) => index !== 1), '👍'],
    );
  });

  test('CH4 kinds beyond 20 are refused also when many come at once', async () => {
    const chatId = await talk();
    const kinds = Array.from({ length: 30 }, (_, index) => String.fromCodePoint(0x1f600 + index));
    const answers = await Promise.all(
      kinds.map(async (emoji, index) => reaction(index % 2 === 0 ? anna : vera, 'PUT', chatId, 1, emoji)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(REACTION_KINDS.max);
    expect((await get(anna, chatId, 1)).reactions).toHaveLength(REACTION_KINDS.max);
  });

  test('CH4 of many who reacted the first hundred are named, and all are counted', async () => {
    const chatId = await talk();
    const crowd = REACTION_USERS.max + 20;
    await sql`
      INSERT INTO reactions (chat_id, message_id, user_id, emoji, version, created_at)
      SELECT ${chatId}, 1, 1000 + n, '👍', 1000 - n, now() FROM generate_series(1, ${crowd}::int) AS n`.execute(
      server.db,
    );
    const [told] = (await get(anna, chatId, 1)).reactions;
    expect(told).toEqual({
      emoji: '👍',
      count: crowd,
      // By version, which the crowd took from the last to the first.
      user_ids: Array.from({ length: REACTION_USERS.max }, (_, index) => 1000 + crowd - index),
    });
  });
});

describe('HT1 CH1 CH2 CH4 where there is no such message', () => {
  const asks: [string, string, object?][] = [
    ['GET', ''],
    ['PATCH', '', { text: 'x' }],
    ['DELETE', ''],
    ['GET', '/edits'],
    ['PUT', `/reactions/${encodeURIComponent('👍')}`],
    ['DELETE', `/reactions/${encodeURIComponent('👍')}`],
  ];

  test.each(asks)('HT1 %s /messages/{chat_id}/{message_id}%s', async (method, rest, json) => {
    const chatId = await talk();
    const outsider = await signUp(server);
    for (const slash of ['', '/']) {
      for (const [person, path, status, code] of [
        [boris, `${chatId}/2`, 404, 'message_not_found'],
        [boris, `${chatId}/${Number.MAX_SAFE_INTEGER}`, 404, 'message_not_found'],
        [outsider, `${chatId}/1`, 404, 'chat_not_found'],
        [outsider, `${chatId}/2`, 404, 'chat_not_found'],
        [boris, '999999/1', 404, 'chat_not_found'],
        [boris, `${chatId}/0`, 422, 'invalid_input'],
        [boris, `${chatId}/one`, 422, 'invalid_input'],
        [boris, `x/1`, 422, 'invalid_input'],
      ] as const) {
        const answer = await as(person, method, `/messages/${path}${rest}${slash}`, json);
        expect({ path, ...answer }).toMatchObject({ path, status, body: { code } });
      }
    }
  });

  test.each(asks.toReversed())(
    'HT1 %s /messages/{chat_id}/{message_id}%s/ with a slash too',
    async (method, rest, json) => {
      const chatId = await talk();
      expect((await as(boris, method, `/messages/${chatId}/1${rest}/`, json)).status).toBeLessThan(300);
    },
  );

  test('HT1 the addresses of the history and of sending are not taken for a message', async () => {
    const chatId = await talk();
    for (const slash of ['', '/']) {
      const { body } = await as(boris, 'GET', `/messages/history/${chatId}${slash}`);
      expect(Array.isArray(body) && body.at(-1)).toMatchObject({ id: 1, text: 'the first' });
      expect((await as(boris, 'POST', `/messages/${chatId}/send${slash}`, { text: 'x' })).status).toBe(201);
    }
  });
});

/** What a client holds of a chat: messages by id, each at the version last heard of. */
type Held = Map<number, Record<string, unknown>>;

function apply(held: Held, frame: Record<string, unknown>): void {
  const id = Number(frame['id']);
  if (Number(held.get(id)?.['version'] ?? 0) < Number(frame['version'])) held.set(id, stateOf(frame));
}

async function snapshot(person: Person, chatId: number): Promise<{ version: number; held: Held }> {
  const { version } = await chatOf(person, chatId);
  const messages = await history(person, chatId);
  return { version, held: new Map(messages.map((message) => [message.id, stateOf(message)])) };
}

const sorted = (held: Held) => [...held.values()].toSorted((a, b) => Number(a['id']) - Number(b['id']));

describe('CH1 CH2 CH3 CH4 PN1 what a client holds', () => {
  const seed = Date.now() % 2 ** 31;
  const acts = fc.array(
    fc.record({
      what: fc.constantFrom(
        'send',
        'send',
        'answer',
        'edit',
        'edit',
        'delete',
        'react',
        'react',
        'take back',
        'pin',
        'unpin',
      ),
      by: fc.nat(2),
      door: fc.boolean(),
      id: fc.integer({ min: 1, max: 8 }),
      text: fc.constantFrom('one', 'two', 'three'),
      emoji: fc.constantFrom('👍', '🎉', '❤️'),
      /** Whether all before it must be answered first. */
      wait: fc.boolean(),
    }),
    { minLength: 30, maxLength: 80, size: 'max' },
  );

  test(`CH1 CH2 CH3 CH4 PN1 frames and catching up lead to what the history says (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (plan) => {
        const people = [anna, boris, vera];
        const { id: chatId } = await createGroup(server, anna, [boris, vera]);
        const listening = await joinChat(server, chatId, anna.token);
        const sockets = await Promise.all(people.map(async ({ token }) => joinChat(server, chatId, token)));
        const snapshots = [await snapshot(vera, chatId)];
        let underWay: Promise<unknown>[] = [];
        for (const { what, by, door, id, text, emoji, wait } of plan) {
          const [person = anna, socket] = [people[by], sockets[by]];
          if (wait) {
            await Promise.all(underWay);
            underWay = [];
            snapshots.push(await snapshot(vera, chatId));
          }
          const send = async (more: object) => {
            if (!door || socket === undefined) {
              await as(person, 'POST', `/messages/${chatId}/send`, { text, ...more });
              return;
            }
            const ref = randomUUID();
            socket.send({ type: 'message', text, ref, ...more });
            await socket.next((frame) => frame['ref'] === ref);
          };
          if (what === 'send') underWay.push(send({}));
          else if (what === 'answer') underWay.push(send({ reply_to: id }));
          else if (what === 'edit') underWay.push(edit(person, chatId, id, text));
          else if (what === 'delete') underWay.push(remove(person, chatId, id));
          else if (what === 'pin' || what === 'unpin') {
            underWay.push(as(anna, what === 'pin' ? 'PUT' : 'DELETE', `/messages/${chatId}/${id}/pin`));
          } else underWay.push(reaction(person, what === 'react' ? 'PUT' : 'DELETE', chatId, id, emoji));
        }
        await Promise.all(underWay);
        const { id: lastId } = await sendText(server, anna, chatId, 'the end');
        await listening.next((frame) => frame.type === 'message' && frame['id'] === lastId);
        const now = await snapshot(vera, chatId);

        const told = listening.frames.filter((frame) => frame.type === 'message');
        // The group of three took the first four; from there every version is one frame.
        expect(told.map((frame) => frame['version'])).toEqual(told.map((_, index) => 5 + index));
        expect(now.version).toBe(4 + told.length);
        const held: Held = new Map();
        for (const frame of told) apply(held, frame);
        expect(sorted(held)).toEqual(sorted(now.held));

        for (const before of snapshots) {
          const path = `/chats/${chatId}/changes?since=${before.version}`;
          const { changes, reset } = await expectAnswer(as(vera, 'GET', path), 200, Changes);
          expect(reset).toBe(false);
          for (const frame of changes) if (frame.type === 'message') apply(before.held, frame);
          expect(sorted(before.held)).toEqual(sorted(now.held));
        }
        for (const socket of [listening, ...sockets]) socket.close();
      }),
      { numRuns: 8, seed },
    );
  });
});
