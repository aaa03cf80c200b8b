import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createGroup, sendText, signUp, type Person } from '../testing/api-client.ts';
import { joinChat, type TestSocket } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let chatId: number;
let hers: TestSocket;
let his: TestSocket;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
});
beforeEach(async () => {
  chatId = (await createGroup(server, anna, [boris])).id;
  hers = await joinChat(server, chatId, anna.token);
  his = await joinChat(server, chatId, boris.token);
});
afterEach(() => {
  hers.close();
  his.close();
});
afterAll(async () => {
  await server.stop();
});

describe('WS9 a bad frame costs an error frame, never the socket', () => {
  test.each([
    ['not JSON', '{"type":"message",', { code: 'malformed_json' }],
    ['no object', '[1]', { code: 'invalid_input' }],
    ['null', 'null', { code: 'invalid_input' }],
    ['no type', '{"text":"x","ref":"r"}', { code: 'invalid_input', ref: 'r' }],
    ['an unknown type', '{"type":"dance","ref":"r"}', { code: 'invalid_input', ref: 'r' }],
    ['a type from the prototype', '{"type":"constructor","ref":"r"}', { code: 'invalid_input', ref: 'r' }],
    ['no text', '{"type":"message","ref":"r"}', { code: 'invalid_input', ref: 'r' }],
    ['blank text', '{"type":"message","text":"  ","ref":"r"}', { code: 'invalid_input', ref: 'r' }],
    ['too much text', `{"type":"message","text":"${'x'.repeat(4097)}","ref":"r"}`, { code: 'invalid_input', ref: 'r' }],
    ['NUL', String.raw`{"type":"message","text":"a\u0000","ref":"r"}`, { code: 'invalid_input', ref: 'r' }],
    ['half a surrogate pair', String.raw`{"type":"message","text":"\ud800","ref":"r"}`, { code: 'invalid_input' }],
    ['a text that is none', '{"type":"message","text":5,"ref":"r"}', { code: 'invalid_input', ref: 'r' }],
    ['a client_id that is none', '{"type":"message","text":"x","client_id":"x","ref":"r"}', { code: 'invalid_input' }],
    ['a URN', `{"type":"message","text":"x","client_id":"urn:uuid:${randomUUID()}"}`, { code: 'invalid_input' }],
    ['a ref that is too long', `{"type":"read","message_id":1,"ref":"${'r'.repeat(65)}"}`, { code: 'invalid_input' }],
    ['a mark of nothing', '{"type":"read","message_id":0,"ref":"r"}', { code: 'invalid_input', ref: 'r' }],
    ['a mark past the last', '{"type":"read","message_id":7,"ref":"r"}', { code: 'message_not_found', ref: 'r' }],
    ['a mark past all ids', '{"type":"read","message_id":9007199254740992}', { code: 'invalid_input' }],
    ['a mark without end', '{"type":"read","message_id":1e400}', { code: 'invalid_input' }],
    [
      'deep nesting',
      `{"type":"message","text":"x","y":${'['.repeat(9000)}"\\u0000"${']'.repeat(9000)}}`,
      { code: 'invalid_input' },
    ],
  ])('WS9 %s', async (_what, data, error) => {
    hers.sendRaw(data);
    expect(await hers.next()).toMatchObject({ type: 'error', ...error, error: expect.stringMatching(/\w{3}/) });
    hers.send({ type: 'message', text: 'still open', ref: 'after' });
    expect(await hers.next()).toMatchObject({ type: 'ack', ref: 'after', message_id: 1 });
  });

  test('WS9 a binary frame is told so, even where it holds JSON', async () => {
    hers.sendRaw(Buffer.from('{"type":"message","text":"x"}'));
    expect(await hers.next()).toMatchObject({ type: 'error', code: 'malformed_request' });
    await sendText(server, anna, chatId, 'the only one');
    expect(await his.next()).toMatchObject({ id: 1, text: 'the only one' });
  });

  test('WS10 a frame past 64 KiB closes with 1009', async () => {
    hers.send({ type: 'message', text: 'x'.repeat(64 * 1024) });
    expect(await hers.closed).toMatchObject({ code: 1009 });
    await sendText(server, anna, chatId, 'the only one');
    expect(await his.next()).toMatchObject({ id: 1, text: 'the only one' });
  });
});

/** 16 KiB as UTF-8. */
const LONG_TEXT = '👍'.repeat(4096);
const MESSAGES = 1500;

describe('WS11 a reader that stops reading', () => {
  test('WS11 is closed with 4408 once too much is unsent, and what it got has no gap; others get all', async () => {
    const slow = new WebSocket(`${server.url.replace('http', 'ws')}/ws/${chatId}?token=${boris.token}`);
    const ids: unknown[] = [];
    const joined = new Promise((resolve) => slow.once('message', resolve));
    slow.once('open', () => slow.send('{"type":"nothing","ref":"joined"}'));
    await joined;
    slow.on('message', (data: Buffer) => ids.push(JSON.parse(data.toString()).id));
    const closed = new Promise((resolve) => slow.once('close', resolve));
    slow.pause();
    for (let id = 1; id <= MESSAGES; id += 1) {
      hers.send({ type: 'message', text: LONG_TEXT });
      if (id % 50 === 0) await his.next((frame) => frame['id'] === id);
    }
    expect(his.frames.filter(({ type }) => type === 'message').map((frame) => frame['id'])).toEqual(
      Array.from({ length: MESSAGES }, (_, index) => index + 1),
    );
    slow.resume();
    expect(await closed).toBe(4408);
    expect(ids).toEqual(Array.from(ids, (_, index) => index + 1));
    // What the system's own buffers took, and 1 MiB.
    expect(ids.length).toBeLessThan(1000);
  });
});
