import fc from 'fast-check';
import { CHANGES_BOUND } from '@beseda/protocol/limits.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { connectSocket, joinChat, type Frame } from '../testing/chat-socket.ts';
import { connectToMain, emptyChat, type HeldChat, type MainClient } from '../testing/main-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
});
afterAll(async () => {
  await server.stop();
});

const ofChat =
  (chatId: number, type: string) =>
  (frame: Frame): boolean =>
    frame.type === type && frame['chat_id'] === chatId;

describe('WS2 signing in', () => {
  test('WS2 the answer to auth is hello, with user, session, protocol and heartbeat', async () => {
    const socket = await connectSocket(server, '/ws');
    socket.send({ type: 'auth', token: anna.token });
    expect(await socket.next()).toEqual({
      type: 'hello',
      user_id: anna.id,
      session_id: expect.stringMatching(/^[\da-f-]{36}$/),
      protocol: 1,
      heartbeat_s: 20,
    });
    socket.close();
  });

  test('WS2 a bad token, and anything before auth, is told why and closed with 4401', async () => {
    for (const frame of [
      { type: 'auth', token: 'nonsense' },
      { type: 'sync', since: {} },
      { type: 'message', chat_id: 1, text: 'x' },
    ]) {
      const socket = await connectSocket(server, '/ws');
      socket.send({ ...frame, ref: 'first' });
      expect(await socket.next()).toMatchObject({ type: 'error', code: 'not_authenticated', ref: 'first' });
      expect((await socket.closed).code).toBe(4401);
    }
  });

  test('WS2 who does not say who they are within 5 s is closed with 4401', async () => {
    const socket = await connectSocket(server, '/ws');
    expect((await socket.closed).code).toBe(4401);
  });
});

describe('WS3 WS7 WS9 frames', () => {
  test('WS3 a ping is answered with its ref', async () => {
    const client = await connectToMain(server, anna.token);
    client.send({ type: 'ping', ref: 'p1' });
    expect(await client.next()).toEqual({ type: 'pong', ref: 'p1' });
    client.close();
  });

  test('WS7 WS9 an unknown type, a wrong shape and a chat of others cost an error each, and the socket stays open', async () => {
    const client = await connectToMain(server, anna.token);
    const others = await createGroup(server, boris);
    client.send({ type: 'dance', ref: '1' });
    expect(await client.next()).toMatchObject({ type: 'error', code: 'invalid_input', ref: '1' });
    client.send({ type: 'sync', since: { five: 1 }, ref: '2' });
    expect(await client.next()).toMatchObject({ type: 'error', code: 'invalid_input', ref: '2' });
    client.send({ type: 'message', chat_id: others.id, text: 'let me in', ref: '3' });
    expect(await client.next()).toMatchObject({ type: 'error', code: 'chat_not_found', ref: '3' });
    client.send({ type: 'read', chat_id: others.id, message_id: 1, ref: '4' });
    expect(await client.next()).toMatchObject({ type: 'error', code: 'chat_not_found', ref: '4' });
    client.send({ type: 'ping', ref: '5' });
    expect(await client.next()).toEqual({ type: 'pong', ref: '5' });
    client.close();
  });

  test('ID5 a repeat over this door answers with the first message', async () => {
    const group = await createGroup(server, anna);
    const client = await connectToMain(server, anna.token);
    const frame = {
      type: 'message',
      chat_id: group.id,
      text: 'once',
      client_id: '7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11',
    };
    client.send({ ...frame, ref: '1' });
    client.send({ ...frame, ref: '2' });
    expect(await client.next()).toMatchObject({ type: 'ack', ref: '1', message_id: 1 });
    expect(await client.next()).toMatchObject({ type: 'ack', ref: '2', message_id: 1 });
    client.close();
  });
});

describe('WS7 what one does', () => {
  test('WS7 edit, delete and react change a message for all, and are acknowledged', async () => {
    const group = await createGroup(server, anna, [boris]);
    const [hers, his] = [await connectToMain(server, anna.token), await connectToMain(server, boris.token)];
    await hers.sync();
    await his.sync();
    const first = { chat_id: group.id, message_id: 1 };
    hers.send({ type: 'message', chat_id: group.id, text: 'wrold' });
    expect(await his.next()).toMatchObject({ type: 'message', text: 'wrold' });
    hers.send({ type: 'edit', ...first, text: 'world', ref: 'e' });
    expect(await his.next()).toMatchObject({ type: 'message', id: 1, text: 'world', version: 5 });
    expect(await hers.next((frame) => frame.type === 'ack')).toMatchObject({ ref: 'e', message_id: 1 });
    his.send({ type: 'react', ...first, emoji: '👍', on: true });
    expect(await his.next()).toMatchObject({ reactions: [{ emoji: '👍', count: 1, user_ids: [boris.id] }] });
    his.send({ type: 'react', ...first, emoji: '👍', on: false });
    expect(await his.next()).toMatchObject({ reactions: [] });
    his.send({ type: 'message', chat_id: group.id, text: 'hello', reply_to: 1 });
    expect(await his.next()).toMatchObject({ id: 2, reply_to: { id: 1, sender_id: anna.id } });
    his.send({ type: 'delete', ...first, ref: 'd' });
    expect(await his.next()).toMatchObject({ type: 'error', code: 'forbidden', ref: 'd' });
    hers.send({ type: 'delete', ...first });
    expect(await his.next()).toMatchObject({ id: 1, text: '', deleted_at: expect.any(String) });
    hers.close();
    his.close();
  });
});

describe('WS4 what a client lacks', () => {
  test('WS4 of a chat it does not name it gets the chat alone, and the version it then holds', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person, [anna]);
    await sendText(server, person, group.id, 'before');
    const client = await connectToMain(server, person.token);
    client.send({ type: 'sync', since: {} });
    expect(await client.next()).toMatchObject({ type: 'chat', chat_id: group.id, name: 'A group' });
    expect(await client.next()).toEqual({ type: 'read', chat_id: group.id, message_id: 1, reader_id: person.id });
    expect(await client.next()).toEqual({ type: 'synced', versions: { [group.id]: 4 }, complete: true });
    client.close();
  });

  test('WS4 of a chat it names it gets the present state of all that changed since, in version order', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person, [anna]);
    for (const text of ['one', 'two']) await sendText(server, person, group.id, text);
    await ask(server, 'PATCH', `/groups/${group.id}`, { token: person.token, json: { name: 'Renamed' } });
    const client = await connectToMain(server, person.token);
    client.send({ type: 'sync', since: { [group.id]: 2 }, ref: 's' });
    const told = [];
    for (let frame = await client.next(); frame.type !== 'synced'; frame = await client.next()) told.push(frame);
    expect(told).toMatchObject([
      { type: 'member', user_id: anna.id, version: 3 },
      { type: 'message', text: 'one', version: 4 },
      { type: 'message', text: 'two', version: 5 },
      { type: 'chat', name: 'Renamed', version: 6 },
      { type: 'read', message_id: 2, reader_id: person.id },
    ]);
    client.close();
  });

  test('WS4 a chat it is too far behind in, or ahead of, comes as reset and the chat alone', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, person);
    const client = await connectToMain(server, person.token);
    client.send({ type: 'sync', since: { [group.id]: 1_000_000 } });
    expect(await client.next()).toEqual({ type: 'reset', chat_id: group.id });
    expect(await client.next()).toMatchObject({ type: 'chat', chat_id: group.id });
    expect(await client.next()).toMatchObject({ type: 'synced', complete: true });
    const sends = Array.from({ length: CHANGES_BOUND }, async (_, index) =>
      sendText(server, person, group.id, `${index}`),
    );
    await Promise.all(sends);
    client.send({ type: 'sync', since: { [group.id]: 1 }, ref: 'again' });
    expect(await client.next((frame) => frame.type === 'reset')).toEqual({ type: 'reset', chat_id: group.id });
    client.close();
  });

  test('WS4 a chat that the user has left since is told by the user’s own membership', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, anna, [person]);
    await ask(server, 'DELETE', `/groups/${group.id}/members/${person.id}`, { token: anna.token });
    await sendText(server, anna, group.id, 'not for them');
    const client = await connectToMain(server, person.token);
    client.send({ type: 'sync', since: { [group.id]: 3 } });
    expect(await client.next()).toMatchObject({ type: 'member', user_id: person.id, left_at: expect.any(String) });
    expect(await client.next()).toEqual({ type: 'synced', versions: {}, complete: true });
    client.close();
  });

  test('WS4 reading marks of personal chats follow', async () => {
    const [one, other] = [await signUp(server), await signUp(server)];
    const chat = await openChat(server, one, other);
    await sendText(server, one, chat.id, 'read me');
    const reader = await connectToMain(server, other.token);
    reader.send({ type: 'read', chat_id: chat.id, message_id: 1, ref: 'r' });
    await reader.next((frame) => frame['ref'] === 'r');
    const client = await connectToMain(server, one.token);
    client.send({ type: 'sync', since: {} });
    const marks = [await client.next(ofChat(chat.id, 'read')), await client.next(ofChat(chat.id, 'read'))];
    expect(marks).toContainEqual({ type: 'read', chat_id: chat.id, message_id: 1, reader_id: other.id });
    reader.close();
    client.close();
  });
});

describe('WS5 what comes', () => {
  test('WS5 a message reaches both doors, and at this one its sender too', async () => {
    const group = await createGroup(server, anna, [boris]);
    const [hers, his] = [await connectToMain(server, anna.token), await joinChat(server, group.id, boris.token)];
    await hers.sync();
    hers.send({ type: 'message', chat_id: group.id, text: 'to all' });
    expect(await his.next()).toMatchObject({ type: 'message', text: 'to all' });
    expect(await hers.next(ofChat(group.id, 'message'))).toMatchObject({ text: 'to all', version: 4 });
    hers.close();
    his.close();
  });

  test('WS5 a chat that one is put into comes by itself, and goes on live', async () => {
    const [one, other] = [await signUp(server), await signUp(server)];
    const client = await connectToMain(server, other.token);
    await client.sync();
    const personal = await openChat(server, one, other);
    expect(await client.next()).toMatchObject({ type: 'chat', chat_id: personal.id, is_group: false });
    expect(await client.next()).toMatchObject({ type: 'synced', complete: false, versions: { [personal.id]: 3 } });
    await sendText(server, one, personal.id, 'hello');
    expect(await client.next()).toMatchObject({ type: 'message', chat_id: personal.id, text: 'hello' });
    client.close();
  });

  test('WS5 the state held after any drops and resumes equals that of a fresh client, while others write', async () => {
    const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`state after resumes: seed ${seed}\n`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('drop', 'write', 'write', 'edit', 'delete', 'react', 'rename', 'leave', 'return'), {
          minLength: 3,
          maxLength: 25,
        }),
        holdsTheSame,
      ),
      { seed, numRuns: 15 },
    );
  });
});

/** One client goes through the acts, and is then compared with one that comes anew. */
async function holdsTheSame(acts: string[]): Promise<void> {
  const [writer, reader] = [await signUp(server), await signUp(server)];
  const groups = [await createGroup(server, writer, [reader]), await createGroup(server, writer, [reader])];
  const held = new Map<number, HeldChat>();
  let client = await connectToMain(server, reader.token, held);
  await client.sync();
  // Frames of before the first sync are of the history, which this client would page; it begins with all of it.
  for (const chat of held.values()) chat.version = 0;
  let resuming: Promise<void> = client.sync();
  const writing: Promise<unknown>[] = [];
  for (const [index, act] of acts.entries()) {
    const group = groups[index % groups.length] ?? groups[0];
    const member = `/groups/${group?.id}/members/${reader.id}`;
    switch (act) {
      case 'drop': {
        await resuming;
        client.close();
        client = await connectToMain(server, reader.token, held);
        // Not waited for: others write while this client is told what it lacks.
        resuming = client.sync();
        break;
      }
      case 'rename':
        writing.push(
          ask(server, 'PATCH', `/groups/${group?.id}`, { token: writer.token, json: { name: `Name ${index}` } }),
        );
        break;
      case 'edit':
        writing.push(
          ask(server, 'PATCH', `/messages/${group?.id}/1`, { token: writer.token, json: { text: `edit ${index}` } }),
        );
        break;
      case 'delete':
        writing.push(ask(server, 'DELETE', `/messages/${group?.id}/2`, { token: writer.token }));
        break;
      case 'react':
        writing.push(
          ask(server, 'PUT', `/messages/${group?.id}/1/reactions/${encodeURIComponent('🎉')}`, { token: writer.token }),
        );
        break;
      case 'leave':
        writing.push(ask(server, 'DELETE', member, { token: writer.token }));
        break;
      case 'return':
        writing.push(ask(server, 'POST', member, { token: writer.token }));
        break;
      default:
        writing.push(sendText(server, writer, group?.id ?? 0, `text ${index}`));
    }
  }
  await Promise.all([...writing, resuming]);
  // Whatever was done to their membership, they are in at the end.
  for (const group of groups) {
    await ask(server, 'POST', `/groups/${group.id}/members/${reader.id}`, { token: writer.token });
  }
  await caughtUp(
    client,
    groups.map(({ id }) => id),
    writer,
  );
  client.close();

  const fresh = await connectToMain(server, reader.token, new Map(groups.map(({ id }) => [id, emptyChat()])));
  await fresh.sync();
  for (const { id } of groups) {
    const [mine, anew] = [held.get(id), fresh.held.get(id)];
    expect(mine?.version).toBe(anew?.version);
    expect(mine?.chat).toEqual(anew?.chat);
    // What was left and entered again is known from then on alone, and its history is paged.
    const known = acts.includes('leave') ? mine?.messages.keys() : anew?.messages.keys();
    for (const messageId of known ?? []) expect(mine?.messages.get(messageId)).toEqual(anew?.messages.get(messageId));
    const people = acts.includes('leave') ? mine?.members.keys() : anew?.members.keys();
    for (const userId of people ?? []) expect(mine?.members.get(userId)).toEqual(anew?.members.get(userId));
  }
  fresh.close();
}

/** Settles once the client has heard a last message in each chat. */
async function caughtUp(client: MainClient, chatIds: number[], writer: Person): Promise<void> {
  for (const chatId of chatIds) {
    const last = await sendText(server, writer, chatId, 'the last');
    await client.next((frame) => frame.type === 'message' && frame['chat_id'] === chatId && frame['id'] === last.id);
  }
}

describe('WS13 after the end', () => {
  test('WS13 a removed member hears of it last, then nothing of that chat, and of it again when let in again', async () => {
    const person = await signUp(server);
    const group = await createGroup(server, anna, [person]);
    const other = await createGroup(server, anna, [person]);
    const client = await connectToMain(server, person.token);
    await client.sync();
    await ask(server, 'DELETE', `/groups/${group.id}/members/${person.id}`, { token: anna.token });
    await sendText(server, anna, group.id, 'behind their back');
    await sendText(server, anna, other.id, 'for them');
    expect(await client.next(ofChat(group.id, 'member'))).toMatchObject({ left_at: expect.any(String) });
    expect(await client.next()).toMatchObject({ type: 'message', chat_id: other.id });
    await ask(server, 'POST', `/groups/${group.id}/members/${person.id}`, { token: anna.token });
    expect(await client.next()).toMatchObject({ type: 'chat', chat_id: group.id });
    expect(await client.next()).toMatchObject({ type: 'read', message_id: 1, reader_id: person.id });
    expect(await client.next()).toMatchObject({ type: 'synced', complete: false });
    await sendText(server, anna, group.id, 'welcome back');
    expect(await client.next()).toMatchObject({ type: 'message', chat_id: group.id, text: 'welcome back' });
    client.close();
  });

  test('WS13 the end of a session closes its socket with 4401, synced or not', async () => {
    const person = await signUp(server);
    const idle = await connectToMain(server, person.token);
    const synced = await connectToMain(server, person.token);
    await synced.sync();
    await ask(server, 'POST', '/auth/logout', { token: person.token });
    expect([(await idle.closed).code, (await synced.closed).code]).toEqual([4401, 4401]);
  });
});
