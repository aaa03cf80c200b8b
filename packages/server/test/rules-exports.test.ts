import { ChatExport } from '@beseda/protocol/exports.ts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, sendText, signUp, type Person } from '../testing/api-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
let chatId: number;

beforeAll(async () => {
  server = await startTestServer();
  [anna, boris] = await Promise.all([signUp(server, 'anna'), signUp(server, 'boris')]);
  chatId = (await createGroup(server, anna, [boris])).id;
});
afterAll(async () => {
  await server.stop();
});

const exportOf = async (person: Person, query = '', id = chatId) =>
  ask(server, 'GET', `/chats/${id}/export${query}`, { token: person.token });

/** The page that is sent, and what its headers say of it. */
async function page(person: Person, query = '', id = chatId): Promise<{ html: string; headers: Headers }> {
  const { body, headers } = await exportOf(person, `?format=html${query}`, id);
  return { html: String(body), headers };
}

describe('EX1 a chat is taken along', () => {
  test('EX1 whole, oldest first, with its edits, answers, reactions and deletions, and everyone they name', async () => {
    const first = await sendText(server, anna, chatId, 'Who comes?');
    const answer = await ask(server, 'POST', `/messages/${chatId}/send`, {
      token: boris.token,
      json: { text: 'I do', reply_to: first.id },
    });
    expect(answer.status).toBe(201);
    const gone = await sendText(server, boris, chatId, 'a secret');
    const at = `/messages/${chatId}`;
    await ask(server, 'DELETE', `${at}/${gone.id}`, { token: boris.token });
    await ask(server, 'PATCH', `${at}/${first.id}`, { token: anna.token, json: { text: 'Who comes on Sunday?' } });
    await ask(server, 'PUT', `${at}/${first.id}/reactions/${encodeURIComponent('👍')}`, { token: boris.token });

    const { body, headers, status } = await exportOf(boris);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="?.+ \d{4}-\d\d-\d\d\.json"?/);
    const exported = Value.Parse(ChatExport, body);
    expect(exported).toMatchObject({
      format: 'beseda-chat/1',
      exported_at: server.clock.now().toISOString(),
      chat: { id: chatId, is_group: true },
      messages: [
        { id: 1, text: 'Who comes on Sunday?', reactions: [{ emoji: '👍', user_ids: [boris.id] }] },
        { id: 2, sender_id: boris.id, text: 'I do', reply_to: { id: 1, sender_id: anna.id } },
        { id: 3, text: '' },
      ],
    });
    expect(exported.messages[2]?.deleted_at).not.toBeNull();
    expect(exported.people.map(({ username }) => username).toSorted()).toEqual([anna.username, boris.username]);
    expect(JSON.stringify(body)).not.toContain('a secret');
  });

  test('EX1 however long it is: nothing is missing and nothing doubled', async () => {
    const { id } = await createGroup(server, anna);
    const texts = Array.from({ length: 1234 }, (_, index) => `message ${index + 1}`);
    for (let from = 0; from < texts.length; from += 100) {
      await Promise.all(texts.slice(from, from + 100).map(async (text) => sendText(server, anna, id, text)));
    }
    const { messages, people } = Value.Parse(ChatExport, (await exportOf(anna, '', id)).body);
    expect(messages.map((message) => message.id)).toEqual(texts.map((_, index) => index + 1));
    expect(messages.map(({ text }) => text).toSorted()).toEqual(texts.toSorted());
    expect(people).toHaveLength(1);
  });

  test('EX1 a chat without messages is one too, as JSON and as a page', async () => {
    const { id } = await createGroup(server, anna);
    expect(Value.Parse(ChatExport, (await exportOf(anna, '', id)).body)).toMatchObject({ messages: [], people: [] });
    expect((await page(anna, '', id)).html).toContain('There are no messages.');
  });

  test('EX1 by its members alone', async () => {
    const other = await signUp(server, 'other');
    expect(await exportOf(other)).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
    await ask(server, 'POST', `/groups/${chatId}/members/${other.id}`, { token: anna.token });
    expect(await exportOf(other)).toMatchObject({ status: 200 });
    await ask(server, 'DELETE', `/groups/${chatId}/members/me`, { token: other.token });
    expect(await exportOf(other)).toMatchObject({ status: 404, body: { code: 'chat_not_found' } });
  });
});

describe('EX2 the page of a chat', () => {
  test('EX2 says everything in the language and the time zone that are asked for', async () => {
    const { id } = await createGroup(server, anna);
    const message = await sendText(server, anna, id, 'Привет');
    await ask(server, 'DELETE', `/messages/${id}/${message.id}`, { token: anna.token });
    await sendText(server, anna, id, 'Здравствуйте');
    const moscow = (await page(anna, '&language=ru&time_zone=Europe/Moscow', id)).html;
    expect(moscow).toContain('<html lang="ru">');
    expect(moscow).toContain('Сообщение удалено');
    expect(moscow).toContain('Здравствуйте');
    const hours = (zone: string) =>
      new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(
        server.clock.now(),
      );
    expect(moscow).toContain(`>${hours('Europe/Moscow')}</time>`);
    const tokyo = (await page(anna, '&language=ru&time_zone=Asia/Tokyo', id)).html;
    expect(tokyo).toContain(`>${hours('Asia/Tokyo')}</time>`);
  });

  test('EX2 shows what people wrote as text, and may do nothing', async () => {
    const bad = `<img src=x onerror=alert(1)> "quoted" & 'more' </style><script>alert(2)</script>`;
    const { id } = await createGroup(server, anna);
    await ask(server, 'PATCH', `/groups/${id}`, {
      token: anna.token,
      json: { name: '</title><script>alert(3)</script>' },
    });
    await ask(server, 'PATCH', '/account/me', { token: anna.token, json: { display_name: '<b onclick=alert(4)>' } });
    await sendText(server, anna, id, bad);
    const { html, headers } = await page(anna, '', id);
    expect(html).not.toMatch(/<script|<img|<b onclick/);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &quot;quoted&quot; &amp; &#39;more&#39;');
    expect(headers.get('content-disposition')).toMatch(/^attachment/);
    expect(headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('EX2 says whose words were forwarded, though they may be in the chat no more', async () => {
    const [from, to] = [await createGroup(server, anna, [boris]), await createGroup(server, anna)];
    const { id } = await sendText(server, boris, from.id, 'his words');
    const json = { chat_id: from.id, messages: [{ id }], chat_ids: [to.id] };
    expect(await ask(server, 'POST', '/messages/forward', { token: anna.token, json })).toMatchObject({ status: 201 });
    expect((await page(anna, '', to.id)).html).toContain(`Forwarded from <b>${boris.username}</b>`);
    const { people } = Value.Parse(ChatExport, (await exportOf(anna, '', to.id)).body);
    expect(new Set(people.map((one) => one.id))).toEqual(new Set([anna.id, boris.id]));
  });

  test('EX2 a time zone that there is not is refused, and told where', async () => {
    expect(await exportOf(anna, '?format=html&time_zone=Mars/Olympus')).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ loc: ['query', 'time_zone'] }] },
    });
  });
});
