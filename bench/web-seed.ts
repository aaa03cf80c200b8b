import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Group } from '@beseda/protocol/groups.ts';
import { Registered } from '@beseda/protocol/users.ts';
import { Value } from 'typebox/value';
import { WebSocket } from 'ws';
import { openConnection, type Connection } from './http-client.ts';

/** How much there is to read. */
export interface Amounts {
  /** Chats of the reader, one message in each. */
  chats: number;
  /** Messages of the long chat. */
  long: number;
  /** Messages of the short chat. */
  short: number;
  /** Chats of which the browser keeps the recent messages, and how many of each. */
  kept: { chats: number; messages: number };
}

/** What the pages that are measured show. */
export interface Seeded {
  username: string;
  password: string;
  longChat: number;
  shortChat: number;
  /** Chats besides, the latest last. */
  others: number[];
  writer: Writer;
}

/** Someone who writes, as fast as the server takes it. */
export interface Writer {
  /** Settles once it is stored. */
  write(chatId: number, text: string): Promise<void>;
  /** Writes so many, several under way at once. */
  fill(chatId: number, count: number): Promise<void>;
  close(): void;
}

const PASSWORD = 'bench-password';

/** Frames under way at once: a server reads on from a socket that has fewer than 256. */
const UNDER_WAY = 200;

/** What people write: a word, a line, a few lines, some of it marked up. */
export const TEXTS = [
  'Yes.',
  'A message of the length that people write, about a hundred characters, neither long nor too short.',
  'Two things: the **pump** is back, and the hoses are not.\nWho has the key?',
  'See https://example.com/plans/7 and `config.json`, it is all there.',
  'One line that is somewhat longer than the others, so that it breaks into two or three on a screen of usual width, as many do in any conversation that is worth it.',
  'Хорошо, тогда в четверг у сарая, захвати перчатки и лейку.',
  '- water\n- seeds\n- a rope',
  '🙂',
] as const;

export async function seed(url: string, amounts: Amounts): Promise<Seeded> {
  const connection = openConnection(url);
  const reader = await signUp(connection, 'reader');
  const author = await signUp(connection, 'author');
  const writer = await openWriter(url, author.token);
  const group = async (name: string): Promise<number> => {
    const json = { name, members: [reader.id] };
    const { status, body } = await connection.ask('POST', '/groups/', { token: author.token, json });
    if (status !== 201) throw new Error(`a group was answered ${status}`);
    return Value.Parse(Group, body).id;
  };
  const longChat = await group('Long');
  const shortChat = await group('Short');
  const others: number[] = [];
  for (let index = 0; index < amounts.chats; index += 1) others.push(await group(`Chat ${index}`));
  await writer.fill(longChat, amounts.long);
  await writer.fill(shortChat, amounts.short);
  await Promise.all(others.map(async (chatId) => writer.write(chatId, 'The first word.')));
  // Those are at the top of the list.
  for (const chatId of [...others.slice(-2), shortChat]) await writer.write(chatId, 'And another one.');
  connection.close();
  return { username: 'reader', password: PASSWORD, longChat, shortChat, others, writer };
}

async function signUp(connection: Connection, username: string): Promise<{ id: number; token: string }> {
  const account = { username, email: `${username}@example.com`, password: PASSWORD };
  const { id } = Value.Parse(Registered, (await connection.ask('POST', '/auth/register', { json: account })).body);
  const tokens = Value.Parse(Tokens, (await connection.ask('POST', '/auth/token', { json: account })).body);
  return { id, token: tokens.access_token };
}

async function openWriter(url: string, token: string): Promise<Writer> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`);
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  let refs = 0;
  await once(socket, 'open');
  const greeted = once(socket, 'message');
  socket.send(JSON.stringify({ type: 'auth', token }));
  await greeted;
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (!text.startsWith('{"type":"ack"') && !text.startsWith('{"type":"error"')) return;
    const frame: unknown = JSON.parse(text);
    if (typeof frame !== 'object' || frame === null || !('ref' in frame) || typeof frame.ref !== 'string') return;
    const answer = waiting.get(frame.ref);
    waiting.delete(frame.ref);
    if (text.startsWith('{"type":"ack"')) answer?.resolve();
    else answer?.reject(new Error(`a message was refused: ${text}`));
  });

  async function write(chatId: number, text: string): Promise<void> {
    refs += 1;
    const ref = `${refs}`;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.set(ref, { resolve, reject });
    socket.send(JSON.stringify({ type: 'message', chat_id: chatId, text, client_id: randomUUID(), ref }));
    return promise;
  }

  return {
    write,
    async fill(chatId, count) {
      let next = 0;
      await Promise.all(
        Array.from({ length: UNDER_WAY }, async () => {
          while (next < count) {
            next += 1;
            await write(chatId, TEXTS[next % TEXTS.length] ?? '');
          }
        }),
      );
    },
    close: () => socket.close(),
  };
}
