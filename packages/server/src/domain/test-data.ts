import { createHash } from 'node:crypto';
import type { Db } from '../db/open.ts';
import { withinTransaction } from '../db/pipeline.ts';
import { register } from './accounts.ts';
import { createGroup } from './groups.ts';
import { openPersonalChat } from './personal-chats.ts';
import { sendMessages } from './send-messages.ts';
import { foldedKey } from './text.ts';

export const TEST_PASSWORD = 'password123';

const USERNAMES = ['user1', 'user2', 'user3', 'user4', 'user5'];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const GROUP_NAME = 'Тестовая группа';

export interface TestData {
  users: { id: number; username: string }[];
  personalChats: { id: number; between: [string, string]; messages: number }[];
  group: { id: number; name: string; messages: number };
  /** Whether anything had to be made. */
  changed: boolean;
}

/** Whether the test users are there. */
export async function hasTestData(db: Db): Promise<boolean> {
  return (await findUser(db, 'user1')) !== undefined;
}

/** The names of those test users that are there, in their order. */
export async function testUsernames(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('users').select('username').where('username_key', 'in', USERNAMES).execute();
  const there = new Set(rows.map(({ username }) => username));
  return USERNAMES.filter((username) => there.has(username));
}

/**
 * The test data of the original system: five users, a personal chat between each and the next, a group of all, and
 * messages in Russian. What is there already is left as it is; messages have fixed `client_id`s, so that however
 * often this runs, and wherever it was cut off, each is stored once.
 */
export async function createTestData(db: Db, now: Date): Promise<TestData> {
  const made = { count: 0 };
  // An hour of talk that has just ended, a minute between messages, so that lists have something to sort by.
  let moment = now.getTime() - HOUR_MS;
  const nextMinute = (): Date => new Date((moment += MINUTE_MS));
  const users: { id: number; username: string }[] = [];
  for (const username of USERNAMES) users.push({ username, id: await ensureUser(db, username, nextMinute(), made) });

  const personalChats: TestData['personalChats'] = [];
  for (const [index, first] of users.slice(0, -1).entries()) {
    const second = users[index + 1];
    if (second === undefined) continue;
    const { result } = await db
      .transaction()
      .execute(async (tx) => openPersonalChat(tx, first.id, second.id, nextMinute()));
    if (result.created) made.count += 1;
    const texts = [1, 2, 3].map((number) => `Тестовое сообщение ${number} в чате ${result.chatId}`);
    const drafts = texts.map((text, line) => ({ text, senderId: line % 2 === 0 ? first.id : second.id }));
    made.count += await say(db, result.chatId, drafts, nextMinute);
    personalChats.push({ id: result.chatId, between: [first.username, second.username], messages: drafts.length });
  }

  const group = await ensureGroup(db, users, nextMinute, made);
  return {
    users,
    personalChats,
    group: { id: group, name: GROUP_NAME, messages: users.length },
    changed: made.count > 0,
  };
}

async function ensureUser(db: Db, username: string, now: Date, made: { count: number }): Promise<number> {
  const existing = await findUser(db, username);
  if (existing !== undefined) return existing;
  made.count += 1;
  const input = { username, email: `${username}@example.com`, password: TEST_PASSWORD };
  // The rules of the installation are for people's passwords; this one is meant to be known.
  return (await register(db, input, 'original', now)).id;
}

/**
 * The group with its messages, made in one transaction. It is known by its first message, since people may rename it,
 * hand it over and leave it.
 */
async function ensureGroup(
  db: Db,
  users: readonly { id: number }[],
  nextMinute: () => Date,
  made: { count: number },
): Promise<number> {
  const [creatorId = 0, ...others] = users.map(({ id }) => id);
  const drafts = users.map(({ id }, index) => ({
    text: `Сообщение в группе от пользователя ${index + 1}`,
    senderId: id,
    clientId: fixedId(`group ${index + 1}`),
  }));
  const known = await db
    .selectFrom('messages')
    .innerJoin('members', 'members.chat_id', 'messages.chat_id')
    .select('messages.chat_id')
    .where('members.user_id', '=', creatorId)
    .where('messages.sender_id', '=', creatorId)
    .where('messages.client_id', '=', fixedId('group 1'))
    .executeTakeFirst();
  if (known !== undefined) return known.chat_id;
  made.count += 1;
  return db.transaction().execute(async (tx) => {
    const input = { name: GROUP_NAME, members: others };
    const { result } = await createGroup(tx, creatorId, input, nextMinute());
    for (const draft of drafts) {
      await withinTransaction(tx, async (steps) =>
        sendMessages(steps, [{ ...draft, chatId: result.id }], nextMinute()),
      );
    }
    return result.id;
  });
}

async function say(
  db: Db,
  chatId: number,
  lines: readonly { text: string; senderId: number }[],
  nextMinute: () => Date,
): Promise<number> {
  let stored = 0;
  for (const line of lines) {
    const draft = { ...line, chatId, clientId: fixedId(`${chatId}/${line.text}`) };
    const { result } = await db
      .transaction()
      .execute(async (tx) => withinTransaction(tx, async (steps) => sendMessages(steps, [draft], nextMinute())));
    stored += result.filter((sent) => 'message' in sent && !sent.repeated).length;
  }
  return stored;
}

async function findUser(db: Db, username: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('username_key', '=', foldedKey(username))
    .executeTakeFirst();
  return row?.id;
}

/** A UUID made from a name, the same every time (RFC 9562, version 8). */
function fixedId(name: string): string {
  const hex = createHash('sha256').update(`beseda test data ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
