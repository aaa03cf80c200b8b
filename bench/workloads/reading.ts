import { Inbox } from '@beseda/protocol/chats.ts';
import { Message } from '@beseda/protocol/messages.ts';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { closeSockets, openSockets, received, receivedAll, takeFaults } from '../driver/audience.ts';
import { openHttp, requestBytes } from '../driver/http.ts';
import { makeGroup, makeGroups, signInPeople, type Person } from '../driver/people.ts';
import { asking, type Asker } from '../driver/requests.ts';
import { sendFrame } from '../driver/socket.ts';
import type { Target } from '../driver/target.ts';
import type { Context, Row, Workload } from '../workload.ts';

const READERS = 16;
const MESSAGES = 10_000;
const PAGE = 50;
const CHATS = 50;
const TEXT_BYTES = 128;

/** Messages under way while a chat is filled: fewer than those past which a server reads no more of a socket. */
const UNDER_WAY = 100;

/** People read what a client reads when it begins: the newest page of a long chat, and the inbox. */
export const reading: Workload = {
  name: 'w4',
  title: 'W4 reading: the newest page of a chat, and the inbox',
  async run(context) {
    const { quick } = context.extent;
    const target = await context.startServer();
    const people = await signInPeople(target, quick ? 4 : READERS);
    const chatId = await makeGroup(target.url, people);
    const messages = quick ? 2 * PAGE : MESSAGES;
    context.tell(`a chat is filled with ${messages} messages`);
    await fill(target.url, people, chatId, messages);
    const historyRow = await read(context, target, people, {
      name: `W4 newest ${PAGE} of ${messages}, ${people.length} connections`,
      path: `/api/v1/messages/history/${chatId}?limit=${PAGE}`,
      items: (body) => Value.Parse(Type.Array(Message), body).length,
      expected: PAGE,
    });
    const chats = quick ? 5 : CHATS;
    // The chat that was filled is one of them.
    await makeGroups(
      target.url,
      Array.from({ length: chats - 1 }, () => people),
    );
    const inboxRow = await read(context, target, people, {
      name: `W4 inbox of ${chats} chats, ${people.length} connections`,
      path: '/api/v1/chats/',
      items: (body) => Value.Parse(Inbox, body).chats.length,
      expected: chats,
    });
    return [historyRow, inboxRow];
  },
};

/** What is asked for, and how many items are to be in it. */
export interface Page {
  name: string;
  path: string;
  items: (body: unknown) => number;
  expected: number;
}

/** Each person asks for the page over a connection of their own, again and again. */
export async function read(context: Context, target: Target, people: readonly Person[], page: Page): Promise<Row> {
  const askers = await Promise.all(people.map(async (person) => reader(target.url, person, page)));
  const row = { name: page.name, headline: ['answers/s', 'p50 ms', 'p99 ms'] };
  const measured = await context.measure(row, target, () => asking('answers', askers));
  for (const { http } of askers) http.close();
  return measured;
}

async function reader(url: string, { token }: Person, { path, items, expected }: Page): Promise<Asker> {
  const request = requestBytes({ method: 'GET', path, token });
  let length: number | undefined;
  return {
    http: await openHttp(url),
    next: () => request,
    check(status, body) {
      if (status !== 200) return `a page was answered ${status}`;
      // The first is looked into; as nothing changes, the others are the same.
      if (length === undefined) {
        length = body.length;
        const found = items(JSON.parse(body.toString()));
        return found === expected ? undefined : `a page has ${found} items, and not ${expected}`;
      }
      return body.length === length ? undefined : `a page of ${body.length} bytes followed one of ${length}`;
    },
  };
}

/** Writes so many messages, several under way at once. */
async function fill(url: string, people: readonly Person[], chatId: number, count: number): Promise<void> {
  const sockets = await openSockets(
    url,
    'main',
    people.slice(0, 1).map((person) => ({ person, chatId })),
  );
  for (const socket of sockets) {
    let sent = 0;
    const send = (): void => {
      if (sent >= count) return;
      sent += 1;
      socket.wire.connection.write(sendFrame('main', chatId, `${sent} `.padEnd(TEXT_BYTES, 'x'), sent));
    };
    socket.onAck = send;
    for (let one = 0; one < UNDER_WAY; one += 1) send();
  }
  await receivedAll(sockets, count);
  const faults = takeFaults(sockets);
  if (received(sockets) !== count) faults.push(`${received(sockets)} of ${count} messages were stored`);
  closeSockets(sockets);
  if (faults.length > 0) throw new Error(`a chat could not be filled: ${faults.join('; ')}`);
}
