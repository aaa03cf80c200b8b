import { Changes } from '@beseda/protocol/chats.ts';
import { CHANGES_BOUND } from '@beseda/protocol/limits.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, expectAnswer, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
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

async function changes(chatId: number, since: number, slash = ''): Promise<Changes> {
  const path = `/chats/${chatId}/changes${slash}?since=${since}`;
  return expectAnswer(ask(server, 'GET', path, { token: anna.token }), 200, Changes);
}

const short = ({ changes: list }: Changes): string[] => list.map(({ type, version }) => `${version} ${type}`);

describe('HT6 what changed since a version', () => {
  test.each(['', '/'])('HT6 GET /chats/{id}/changes%s: all of a new chat since 0, in version order', async (slash) => {
    const chat = await openChat(server, anna, await signUp(server));
    await sendText(server, anna, chat.id, 'hello');
    const told = await changes(chat.id, 0, slash);
    expect(told).toMatchObject({ chat_id: chat.id, version: 4, reset: false });
    expect(short(told)).toEqual(['1 chat', '2 member', '3 member', '4 message']);
    expect(told.changes[3]).toMatchObject({ type: 'message', id: 1, text: 'hello', sender_id: anna.id });
  });

  test('HT6 messages, members and the chat itself, each as it stands now and where it changed last', async () => {
    const group = await createGroup(server, anna, [boris]);
    const { version } = await changes(group.id, 0);
    await ask(server, 'POST', `/groups/${group.id}/members/${vera.id}`, { token: anna.token });
    await sendText(server, vera, group.id, 'hello');
    await ask(server, 'PATCH', `/groups/${group.id}`, { token: anna.token, json: { name: 'First' } });
    await ask(server, 'DELETE', `/groups/${group.id}/members/me`, { token: vera.token });
    await ask(server, 'PATCH', `/groups/${group.id}`, { token: anna.token, json: { name: 'Second' } });
    const told = await changes(group.id, version);
    expect(version).toBe(3);
    // Version 4 (Vera came) and 6 (the first name) were overtaken by 7 and 8.
    expect(told).toMatchObject({
      version: 8,
      reset: false,
      changes: [
        { type: 'message', version: 5, text: 'hello' },
        { type: 'member', version: 7, user_id: vera.id, left_at: server.clock.now().toISOString() },
        { type: 'chat', version: 8, name: 'Second', creator_id: anna.id, is_group: true },
      ],
    });
  });

  test('HT6 a group handed over tells of both members and of the chat', async () => {
    const group = await createGroup(server, anna, [boris]);
    await ask(server, 'PATCH', `/groups/${group.id}`, { token: anna.token, json: { creator_id: boris.id } });
    expect((await changes(group.id, 3)).changes).toMatchObject([
      { type: 'member', version: 4, user_id: anna.id, role: 'member' },
      { type: 'member', version: 5, user_id: boris.id, role: 'creator' },
      { type: 'chat', version: 6, creator_id: boris.id },
    ]);
  });

  test('HT6 since the present version there is nothing; reading changes nothing', async () => {
    const group = await createGroup(server, anna, [boris]);
    await sendText(server, boris, group.id, 'hello');
    const socket = await joinChat(server, group.id, anna.token);
    socket.send({ type: 'read', message_id: 1, ref: 'r' });
    await socket.next();
    socket.close();
    expect(await changes(group.id, 4)).toEqual({ chat_id: group.id, version: 4, reset: false, changes: [] });
  });

  test('HT6 the frames are those that sockets get, but for the timestamp of their door', async () => {
    const group = await createGroup(server, anna, [boris]);
    const socket = await joinChat(server, group.id, anna.token);
    await sendText(server, boris, group.id, 'hello');
    await ask(server, 'POST', `/groups/${group.id}/members/${vera.id}`, { token: boris.token });
    await ask(server, 'PATCH', `/groups/${group.id}`, { token: anna.token, json: { name: 'New' } });
    const live = [await socket.next(), await socket.next(), await socket.next()];
    for (const frame of live) delete frame['timestamp'];
    expect((await changes(group.id, 3)).changes).toEqual(live);
    socket.close();
  });

  test('HT6 a client that is too far behind, or ahead of all that was, is told to start anew', async () => {
    const group = await createGroup(server, anna);
    await sql`
      INSERT INTO messages (chat_id, id, version, sender_id, text, created_at)
      SELECT ${group.id}, n, n + 2, ${anna.id}, 'text', now() FROM generate_series(1, ${CHANGES_BOUND + 1}::int) AS n
    `.execute(server.db);
    const version = CHANGES_BOUND + 3;
    await sql`UPDATE chats SET version = ${version}, last_message_id = ${version - 2} WHERE id = ${group.id}`.execute(
      server.db,
    );
    const anew = { chat_id: group.id, version, reset: true, changes: [] };
    expect(await changes(group.id, 0)).toEqual(anew);
    expect(await changes(group.id, 2)).toEqual(anew);
    expect(await changes(group.id, 3)).toMatchObject({ reset: false, changes: { length: CHANGES_BOUND } });
    expect(await changes(group.id, version + 1)).toEqual(anew);
    expect(await changes(group.id, Number.MAX_SAFE_INTEGER)).toEqual(anew);
  });
});
