import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGroup, openChat, sendText, signUp, type Person } from '../../server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import type { Client } from '../src/client.ts';
import { createManualClock } from './clock.testing.ts';
import { becomes, clientOf, live, texts, until } from './people.testing.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
const clients: Client[] = [];

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
});
afterAll(async () => {
  for (const client of clients) client.stop();
  await server.stop();
});

async function liveClientOf(person: Person, ...chatIds: number[]): Promise<Client> {
  const client = await clientOf(server, person);
  clients.push(client);
  return live(client, ...chatIds);
}

describe('the store', () => {
  test('shows the inbox: name, newest message, unread count', async () => {
    const [one, other] = [await signUp(server), await signUp(server, 'vera')];
    const chat = await openChat(server, one, other);
    await sendText(server, other, chat.id, 'hello');
    const client = await liveClientOf(one, chat.id);
    expect(client.store.inbox()).toMatchObject([
      { id: chat.id, name: other.username, unread_count: 1, last_message: { text: 'hello' } },
    ]);
  });

  test('a message that someone sends appears, and moves its chat to the top', async () => {
    const [first, second] = [await createGroup(server, anna, [boris]), await createGroup(server, anna, [boris])];
    const client = await liveClientOf(anna, first.id, second.id);
    await sendText(server, boris, second.id, 'second');
    await until(client, () => texts(client, second.id).includes('second'), second.id);
    server.clock.advance(1);
    await sendText(server, boris, first.id, 'first');
    await until(client, () => texts(client, first.id).includes('first'), first.id);
    expect(
      client.store
        .inbox()
        .slice(0, 2)
        .map(({ id }) => id),
    ).toEqual([first.id, second.id]);
    expect(client.store.chat(first.id)).toMatchObject({ unread_count: 1 });
  });

  test('pages and live messages join into one run; what was not read is a gap', async () => {
    const group = await createGroup(server, anna, [boris]);
    for (let index = 1; index <= 70; index += 1) await sendText(server, boris, group.id, `${index}`);
    const client = await liveClientOf(anna, group.id);
    await sendText(server, boris, group.id, '71');
    await until(client, () => client.store.chat(group.id)?.last_message_id === 71, group.id);
    await client.loadNewer(group.id, 0);
    const apart = client.store.messages(group.id);
    expect(apart?.runs.map((run) => [run[0]?.id, run.at(-1)?.id])).toEqual([
      [1, 50],
      [70, 71],
    ]);
    expect(apart).toMatchObject({ begins: true, ends: true });
    await client.loadOlder(group.id);
    expect(client.store.messages(group.id)?.runs.map((run) => run.length)).toEqual([71]);
  });

  test('one message, one chat and the members can each be watched alone', async () => {
    const group = await createGroup(server, anna, [boris]);
    await sendText(server, boris, group.id, 'one');
    await sendText(server, boris, group.id, 'two');
    const client = await liveClientOf(anna, group.id);
    await client.loadOlder(group.id, 3);
    const told: string[] = [];
    const chatId = group.id;
    client.store.watch({ of: 'message', chatId, messageId: 1 }, () => told.push('message 1'));
    client.store.watch({ of: 'message', chatId, messageId: 2 }, () => told.push('message 2'));
    client.store.watch({ of: 'members', chatId }, () => told.push('members'));
    await client.edit(chatId, 2, 'two').catch(() => undefined);
    await client.react(chatId, 1, '👍');
    await until(client, () => client.store.message(chatId, 1)?.reactions.length === 1, chatId);
    expect(new Set(told)).toEqual(new Set(['message 1']));
    await client.loadMembers(chatId);
    expect(client.store.members(chatId)).toEqual([anna.id, boris.id]);
  });

  test('a chat one is put into comes, and one that one is removed from goes', async () => {
    const person = await signUp(server);
    const client = await liveClientOf(person);
    const group = await createGroup(server, anna, [person]);
    await until(client, () => client.store.chat(group.id) !== undefined);
    expect(client.store.chat(group.id)).toMatchObject({ name: 'A group', creator_id: anna.id });
    const hers = await liveClientOf(anna, group.id);
    await hers.api.groups.removeMember(group.id, person.id);
    await until(client, () => client.store.chat(group.id) === undefined);
    expect(client.store.inbox()).toEqual([]);
  });

  test('reading marks go up once, and reach the others and the own devices', async () => {
    const [one, other] = [await signUp(server), await signUp(server)];
    const chat = await openChat(server, one, other);
    for (const text of ['a', 'b', 'c']) await sendText(server, one, chat.id, text);
    const [writer, reader, device] = [
      await liveClientOf(one, chat.id),
      await liveClientOf(other, chat.id),
      await liveClientOf(other, chat.id),
    ];
    for (const id of [1, 2, 3]) reader.markRead(chat.id, id);
    expect(reader.store.chat(chat.id)).toMatchObject({ unread_count: 0 });
    await until(writer, () => writer.store.chat(chat.id)?.others_read_id === 3);
    await until(device, () => device.store.chat(chat.id)?.unread_count === 0);
  });
});

describe('marks', () => {
  test('MK3 what has reached a device is told to who wrote it', async () => {
    const [one, other] = [await signUp(server), await signUp(server)];
    const chat = await openChat(server, one, other);
    const clock = createManualClock();
    const receiver = await clientOf(server, other, { clock });
    clients.push(await live(receiver, chat.id));
    const writer = await liveClientOf(one, chat.id);
    await writer.send(chat.id, 'on its way');
    await until(receiver, () => receiver.store.message(chat.id, 1) !== undefined, chat.id);
    clock.advance(1000);
    await until(writer, () => writer.store.chat(chat.id)?.others_delivered_id === 1);
    expect(writer.store.chat(chat.id)).toMatchObject({ others_read_id: 0, others_delivered_id: 1 });
  });

  test('MK5 a chat that is marked as unread counts from there on all devices, until it is read', async () => {
    const group = await createGroup(server, boris, [anna]);
    for (const text of ['a', 'b', 'c']) await sendText(server, boris, group.id, text);
    const [here, there] = [await liveClientOf(anna, group.id), await liveClientOf(anna, group.id)];
    here.markRead(group.id, 3);
    await here.markUnread(group.id, 2);
    await until(there, () => there.store.chat(group.id)?.unread_count === 2);
    expect(there.store.chat(group.id)).toMatchObject({ marked_unread_id: 2, last_read_id: 3 });
    there.markRead(group.id, 3);
    expect(there.store.chat(group.id)).toMatchObject({ marked_unread_id: null, unread_count: 0 });
    await until(here, () => here.store.chat(group.id)?.unread_count === 0);
  });

  test('MK5 what is marked as unread right after it was read stays so', async () => {
    const group = await createGroup(server, boris, [anna]);
    for (const text of ['a', 'b', 'c']) await sendText(server, boris, group.id, text);
    const client = await liveClientOf(anna, group.id);
    client.markRead(group.id, 3);
    await client.markUnread(group.id, 2);
    expect(client.store.chat(group.id)).toMatchObject({ marked_unread_id: 2, unread_count: 2 });
  });

  test('MK6 a chat is muted and pinned at once here, then on all devices of the user, and for nobody else', async () => {
    const group = await createGroup(server, boris, [anna]);
    const [here, there] = [await liveClientOf(anna, group.id), await liveClientOf(anna, group.id)];
    const other = await liveClientOf(boris, group.id);
    const told = [{ pinned: true }, { muted: true }].map(async (change) => here.updateChatSettings(group.id, change));
    expect(here.store.chat(group.id)).toMatchObject({ muted: true, pinned: true });
    await Promise.all(told);
    for (const device of [here, there]) {
      await until(device, () => device.store.chat(group.id)?.muted === true);
      expect(device.store.chat(group.id)).toMatchObject({ muted: true, pinned: true });
    }
    expect(other.store.chat(group.id)).toMatchObject({ muted: false, pinned: false });
  });

  test('MK6 of what is set quickly one after the other, the last word stands', async () => {
    const group = await createGroup(server, boris, [anna]);
    const [here, there] = [await liveClientOf(anna, group.id), await liveClientOf(anna, group.id)];
    const words = [true, false, true, false, true].map(async (pinned) => here.updateChatSettings(group.id, { pinned }));
    await Promise.all(words);
    expect(await here.api.chats.get(group.id)).toMatchObject({ pinned: true });
    for (const device of [here, there]) await until(device, () => device.store.chat(group.id)?.pinned === true);
  });
});

describe('who types and who is online', () => {
  test('TY2 others’ typing is shown until they write or stop, and one’s own is not', async () => {
    const group = await createGroup(server, anna, [boris]);
    const [hers, his] = [await liveClientOf(anna, group.id), await liveClientOf(boris, group.id)];
    his.typing(group.id);
    await becomes(hers, { of: 'typing', chatId: group.id }, () => hers.store.typing(group.id).count === 1);
    expect(hers.store.typing(group.id)).toEqual({ user_ids: [boris.id], count: 1 });
    expect(his.store.typing(group.id)).toEqual({ user_ids: [], count: 0 });
    await his.send(group.id, 'written');
    await becomes(hers, { of: 'typing', chatId: group.id }, () => hers.store.typing(group.id).count === 0);
  });

  test('TY2 without news nobody types after 8 s', async () => {
    const group = await createGroup(server, anna, [boris]);
    const clock = createManualClock();
    const hers = await live(await clientOf(server, anna, { clock }), group.id);
    clients.push(hers);
    const his = await liveClientOf(boris, group.id);
    his.typing(group.id);
    await becomes(hers, { of: 'typing', chatId: group.id }, () => hers.store.typing(group.id).count === 1);
    clock.advance(8000);
    expect(hers.store.typing(group.id).count).toBe(0);
  });

  test('PR1 people with whom one shares a chat are seen online', async () => {
    const [one, other] = [await signUp(server), await signUp(server)];
    const chat = await openChat(server, one, other);
    const client = await liveClientOf(one, chat.id);
    expect(client.store.presence(other.id).online).toBe(false);
    await liveClientOf(other, chat.id);
    await becomes(client, { of: 'presence', userId: other.id }, () => client.store.presence(other.id).online);
    client.stop();
    expect(client.store.presence(other.id)).toEqual({ online: false, last_seen_at: null });
  });
});

describe('sending', () => {
  test('a message stands in the chat at once, is replaced by the stored one, and never doubled', async () => {
    const group = await createGroup(server, anna, [boris]);
    const client = await liveClientOf(anna, group.id);
    const seen: string[][] = [];
    client.store.watch({ of: 'messages', chatId: group.id }, () => seen.push(texts(client, group.id)));
    await client.send(group.id, 'mine');
    await until(client, () => texts(client, group.id).includes('mine'), group.id);
    expect(new Set(seen.map(String))).toEqual(new Set(['[mine]', 'mine']));
  });

  test('a refused one says why, and can be sent again or taken back', async () => {
    const group = await createGroup(server, anna, [boris]);
    const client = await liveClientOf(boris, group.id);
    const item = await client.send(group.id, ' ');
    await until(client, () => client.store.messages(group.id)?.pending[0]?.failure !== null, group.id);
    expect(client.store.messages(group.id)?.pending).toMatchObject([{ text: ' ', failure: { code: 'invalid_input' } }]);
    await client.edit(group.id, item.client_id, 'words');
    await client.retry(item.client_id);
    await until(client, () => texts(client, group.id).includes('words'), group.id);
    const second = await client.send(group.id, ' ');
    await until(client, () => client.store.messages(group.id)?.pending[0]?.failure !== null, group.id);
    await client.delete(group.id, second.client_id);
    expect(texts(client, group.id)).toEqual(['words']);
  });

  test('what is written without a connection leaves with it: edited, reacted to, or not at all', async () => {
    const group = await createGroup(server, anna, [boris]);
    const client = await liveClientOf(anna, group.id);
    client.stop();
    const items = [];
    for (const text of ['one', 'two', 'three']) items.push(await client.send(group.id, text));
    const [one, two, three] = items.map(({ client_id }) => client_id);
    await client.edit(group.id, one ?? '', 'One');
    await client.delete(group.id, two ?? '');
    await client.react(group.id, three ?? '', '🎉');
    expect(texts(client, group.id)).toEqual(['[One]', '[three]']);
    await client.start();
    await until(client, () => client.store.message(group.id, 2)?.reactions.length === 1, group.id);
    expect(texts(client, group.id)).toEqual(['One', 'three']);
    expect(client.store.message(group.id, 1)?.edited_at).toBeNull();
  });
});

test('onMessage tells each message that is written from then on once, those missed while away too', async () => {
  const group = await createGroup(server, anna, [boris]);
  await sendText(server, boris, group.id, 'old');
  const client = await liveClientOf(anna, group.id);
  const told: string[] = [];
  client.onMessage(({ text }) => told.push(text));
  await sendText(server, boris, group.id, 'new');
  await until(client, () => told.length === 1, group.id);
  client.stop();
  await sendText(server, boris, group.id, 'missed');
  await client.start();
  await until(client, () => told.length === 2, group.id);
  await client.react(group.id, 1, '👍');
  await sendText(server, boris, group.id, 'last');
  await until(client, () => texts(client, group.id).includes('last'), group.id);
  expect(told).toEqual(['new', 'missed', 'last']);
});
