import { CompiledQuery, sql, type KyselyPlugin } from 'kysely';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../src/db/open.ts';
import type { Snapshot } from '../src/db/snapshot.ts';
import { admissions } from '../src/domain/admission.ts';
import { changePassword, findByCredentials, getAccount, register, updateAccount } from '../src/domain/accounts.ts';
import { deleteMessage, earlierTexts, editMessage } from '../src/domain/change-messages.ts';
import { catchUp, changesSince } from '../src/domain/changes.ts';
import { originals } from '../src/domain/forward.ts';
import { addMember, createGroup, getGroup, listGroups, removeMember, updateGroup } from '../src/domain/groups.ts';
import { createFile, noteContent, removeOwnFile, requireFile, requireOwnFile } from '../src/domain/files.ts';
import { forgetFile, removableFiles } from '../src/domain/removing-files.ts';
import { getMessage, historyPage } from '../src/domain/history.ts';
import { chatJson, inboxJson } from '../src/domain/inbox.ts';
import { hiddenAmong, lastSeenOf, storeLastSeen } from '../src/domain/last-seen.ts';
import { memberListsOf, shareSmallChat } from '../src/domain/member-lists.ts';
import { selectMessages } from '../src/domain/message-rows.ts';
import { findPeople, getUser } from '../src/domain/people.ts';
import { openPersonalChat } from '../src/domain/personal-chats.ts';
import { pin, pinsOf, unpin } from '../src/domain/pins.ts';
import { react, takeReactionBack } from '../src/domain/reactions.ts';
import { readByOthers } from '../src/domain/furthest-marks.ts';
import { readersOf } from '../src/domain/readers.ts';
import { writeMarks } from '../src/domain/reading.ts';
import { marksSince } from '../src/domain/recent-marks.ts';
import { presenceIn, presenceSeenBy } from '../src/domain/presence.ts';
import { searchJson } from '../src/domain/search.ts';
import { sendMessages, type Draft } from '../src/domain/send-messages.ts';
import * as sessions from '../src/domain/sessions.ts';
import { syncSince } from '../src/domain/sync.ts';
import { keepingSteps, planOf, rowsLookedAt } from '../testing/query-plans.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

const NOW = new Date('2026-11-22T10:15:30.123Z');
const LIFETIMES = { idle: 1000, absolute: 10_000 };

/** Read in whole only by a mistake. */
const BIG = new Set([
  'messages',
  'message_edits',
  'reactions',
  'members',
  'reading_steps',
  'chats',
  'personal_chats',
  'users',
  'sessions',
  'refresh_tokens',
  'files',
  'message_files',
]);

/** Users 1 to USERS, each in a personal chat with the next; the first GROUPS chats are groups of MEMBERS. */
const USERS = 20_000;
const GROUPS = 300;
const MEMBERS = 40;
const MESSAGES = 600;
const SESSIONS = 20_000;
/** The creator of the first groups. */
const BUSY = 1;
const BUSY_GROUPS = 60;
/** A group with many more members and messages than the others. */
const GIANT = 7;
const GIANT_MEMBERS = 3000;
const GIANT_MESSAGES = 20_000;

let database: TestDatabase;
/** The database as the rules see it; every statement they make is kept. */
let db: Db;
let snapshot: Snapshot;
let statements: CompiledQuery[];

beforeAll(async () => {
  database = await createTestDatabase();
  await fill(database.db);
  const executor = database.db.getExecutor();
  const keep: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      statements.push(executor.compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  db = database.db.withPlugin(keep);
  snapshot = async (read) => database.snapshot(async (tx) => read(tx.withPlugin(keep)));
});
afterAll(async () => {
  await database.drop();
});

async function fill(into: Db): Promise<void> {
  const ids = sql`generate_series(1, ${USERS}::int) AS n`;
  for (const statement of [
    sql`INSERT INTO users (username, username_key, email, email_key, password_hash, display_name, display_name_key, created_at)
      SELECT 'user' || n, 'user' || n, n || '@example.com', n || '@example.com', '', 'Name ' || n, 'name ' || n, ${NOW} FROM ${ids}`,
    sql`INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
      SELECT gen_random_uuid(), 1 + n % ${USERS}, ${NOW}, ${NOW}, ${NOW}::timestamptz + interval '1 day'
      FROM generate_series(1, ${SESSIONS}::int) AS n`,
    sql`INSERT INTO refresh_tokens (hash, session_id, expires_at) SELECT sha256(id::text::bytea), id, expires_at FROM sessions`,
    sql`INSERT INTO chats (kind, name, creator_id, last_message_id, version, info_version, created_at)
      SELECT 'group', 'Group ' || n, ${BUSY}, ${MESSAGES}, ${MESSAGES + MEMBERS + 1}, 1, ${NOW}
      FROM generate_series(1, ${GROUPS}::int) AS n`,
    sql`INSERT INTO chats (kind, last_message_id, version, info_version, created_at)
      SELECT 'personal', 1, 4, 1, ${NOW} FROM ${ids}`,
    sql`INSERT INTO personal_chats (low_id, high_id, chat_id)
      SELECT n, n + 1, n + ${GROUPS} FROM generate_series(1, ${USERS - 1}::int) AS n`,
    // Of the groups, the first have the busy one; all have others from all over.
    sql`INSERT INTO members (chat_id, user_id, role, joined_at, joined_message_id, last_read_id, version)
      SELECT g, CASE WHEN m = 1 AND g <= ${BUSY_GROUPS} THEN ${BUSY} ELSE 2 + (g * 61 + m * 331) % ${USERS - 1} END,
        CASE m WHEN 1 THEN 'creator' ELSE 'member' END, ${NOW}, 0, m, 1 + m
      FROM generate_series(1, ${GROUPS}::int) AS g, generate_series(1, ${MEMBERS}::int) AS m`,
    sql`INSERT INTO members (chat_id, user_id, role, joined_at, joined_message_id, last_read_id, version)
      SELECT n + ${GROUPS}, n + side, 'member', ${NOW}, 0, 0, 2 + side
      FROM generate_series(1, ${USERS - 1}::int) AS n, generate_series(0, 1) AS side`,
    sql`INSERT INTO messages (chat_id, id, version, sender_id, client_id, text, created_at)
      SELECT g, m, ${MEMBERS + 1} + m, ${BUSY}, gen_random_uuid(), 'Message ' || m, ${NOW}
      FROM generate_series(1, ${GROUPS}::int) AS g, generate_series(1, ${MESSAGES}::int) AS m`,
    sql`INSERT INTO messages (chat_id, id, version, sender_id, text, created_at)
      SELECT n + ${GROUPS}, 1, 4, n, 'Hello', ${NOW} FROM ${ids}`,
    sql`INSERT INTO members (chat_id, user_id, role, joined_at, joined_message_id, last_read_id, version)
      SELECT ${GIANT}, n, 'member', ${NOW}, 0, 0, 0 FROM generate_series(2, ${GIANT_MEMBERS}::int) AS n ON CONFLICT DO NOTHING`,
    sql`UPDATE chats c SET member_count = (SELECT count(*) FROM members m WHERE m.chat_id = c.id)`,
    sql`INSERT INTO messages (chat_id, id, version, sender_id, client_id, text, created_at)
      SELECT ${GIANT}, m, ${MEMBERS + 1} + m, ${BUSY}, gen_random_uuid(), 'Message ' || m, ${NOW}
      FROM generate_series(${MESSAGES + 1}::int, ${GIANT_MESSAGES}::int) AS m`,
    // Each tenth message was edited once, and has two kinds of reaction, each of three people.
    sql`INSERT INTO message_edits (chat_id, message_id, version, text, edited_at)
      SELECT chat_id, id, version, text, ${NOW} FROM messages WHERE id % 10 = 0`,
    sql`INSERT INTO reactions (chat_id, message_id, user_id, emoji, version, created_at)
      SELECT chat_id, id, n, emoji, n, ${NOW}
      FROM messages, generate_series(1, 3) AS n, unnest(ARRAY['👍', '🎉']) AS emoji WHERE id % 10 = 0`,
    sql`UPDATE chats SET last_message_id = ${GIANT_MESSAGES}, version = ${GIANT_MESSAGES + MEMBERS + 1} WHERE id = ${GIANT}`,
    sql`UPDATE members SET last_read_id = ${GIANT_MESSAGES} WHERE chat_id = ${GIANT} AND user_id = ${BUSY}`,
    // The giant has sixty pinned messages.
    sql`UPDATE messages SET pinned_at = ${NOW} WHERE chat_id = ${GIANT} AND id % 300 = 0`,
    // The members of the giant have read the first 500 messages, in fifty steps.
    sql`INSERT INTO reading_steps (chat_id, user_id, read_at, after_message_id, message_id)
      SELECT ${GIANT}, user_id, ${NOW}::timestamptz + step * interval '1 hour', step * 10 - 10, step * 10
      FROM members, generate_series(1, 50) AS step WHERE chat_id = ${GIANT}`,
    // Each hundredth message of a group has a file; each user has two more that nobody has sent.
    sql`INSERT INTO files (id, owner_id, name, size, type, created_at, sent_at)
      SELECT md5('sent ' || chat_id || ' ' || id)::uuid, sender_id, 'a.txt', 10, 'text/plain', ${NOW}, ${NOW}
      FROM messages WHERE id % 100 = 0`,
    sql`INSERT INTO message_files (chat_id, message_id, file_id)
      SELECT chat_id, id, md5('sent ' || chat_id || ' ' || id)::uuid FROM messages WHERE id % 100 = 0`,
    sql`INSERT INTO files (id, owner_id, name, size, type, created_at)
      SELECT md5('own ' || n || ' ' || nth)::uuid, n, 'a.txt', 10, 'text/plain', ${NOW}
      FROM ${ids}, generate_series(1, 2) AS nth`,
    sql`UPDATE messages SET files = '[]' WHERE chat_id = ${GIANT} AND id % 100 = 0`,
    sql`ANALYZE`,
  ]) {
    await statement.execute(into);
  }
}

/** Every statement of a batch of messages is kept too. */
const sending = async (messages: Draft[]): Promise<unknown> =>
  database.pipelined(async (steps) => sendMessages(keepingSteps(steps, statements), messages, NOW));
const inTransaction = async (work: (tx: Db) => Promise<unknown>): Promise<unknown> => db.transaction().execute(work);
const identity = (sessionId: string) => ({ userId: BUSY, sessionId });
/** The version ten changes ago. */
async function lately(): Promise<number> {
  const chat = database.db.selectFrom('chats').select('version').where('id', '=', GIANT);
  return (await chat.executeTakeFirstOrThrow()).version - 10;
}
const EVERY_BUSY_GROUP = Array.from({ length: BUSY_GROUPS }, (_, index) => index + 1);
const drafts = (count: number, chats: number[], answering = false) =>
  Array.from({ length: count }, (_, index) => {
    const draft = { chatId: chats[index % chats.length] ?? GIANT, senderId: BUSY, text: 'text' };
    const replyTo = answering ? 1 + index * 30 : undefined;
    return { ...draft, clientId: index % 2 === 0 ? randomUUID() : undefined, replyTo };
  });

/** Always further than before. */
let furthest = 300;
const markOf = (userId: number, chatId: number) => ({
  chatId,
  userId,
  mark: 'read' as const,
  messageId: (furthest += 1),
});

const search = async (query: string) =>
  searchJson(db, BUSY, { query, chatId: undefined, limit: 20, cursor: undefined }, NOW);

/** Messages of the giant that no other act touches. */
let fresh = 5000;
const nextMessage = (): number => (fresh += 10);

const acts: Record<string, () => Promise<unknown>> = {
  'the newest history': async () => historyPage(db, BUSY, GIANT, { limit: 100, offset: 0 }),
  'history at a deep offset': async () => historyPage(db, BUSY, GIANT, { limit: 100, offset: 15_000 }),
  'history before a message': async () => historyPage(db, BUSY, GIANT, { limit: 200, before: 300 }),
  'history from a moment on': async () => historyPage(db, BUSY, GIANT, { limit: 1, from: new Date() }),
  'history after a message': async () => historyPage(db, BUSY, GIANT, { limit: 200, after: 300 }),
  'the inbox of one in sixty groups': async () => inboxJson(db, BUSY),
  'the inbox of one with two chats': async () => inboxJson(db, 15_000),
  'one chat': async () => chatJson(db, BUSY, GIANT),
  'what changed lately': async () => changesSince(snapshot, BUSY, GIANT, await lately()),
  'all that changed': async () => changesSince(snapshot, BUSY, GIANT, 0),
  'filling a gap': async () => catchUp(snapshot, GIANT, await lately()),
  'a person': async () => getUser(db, 5),
  'finding people by a rare start': async () => findPeople(db, 'user1999', 20),
  'finding people by a start that most have': async () => findPeople(db, 'user', 20),
  'finding people by display name': async () => findPeople(db, 'Name 77', 20),
  'the account, and a change of it': async () => {
    await getAccount(db, BUSY);
    await updateAccount(db, BUSY, { display_name: 'Busy' });
  },
  'registering, signing in, a new password': async () => {
    const input = { username: 'newcomer', email: 'newcomer@example.com', password: 'password123' };
    const { id } = await register(db, input, 'original', NOW);
    await findByCredentials(db, 'newcomer', 'password123');
    await changePassword(db, id, { current_password: 'password123', new_password: 'password1234' }, 'original');
  },
  'a session from its beginning to its end': async () => {
    const device = { userAgent: 'test', address: '127.0.0.1' };
    const opened = await sessions.openSession(db, BUSY, device, LIFETIMES, NOW);
    await sessions.listSessions(db, opened, NOW);
    const next = await sessions.refreshSession(db, opened.refreshToken, LIFETIMES, NOW);
    expect(next).toMatchObject({ opened: { sessionId: opened.sessionId } });
    await sessions.endSessions(db, BUSY, { only: randomUUID() }, NOW);
    await sessions.endSessions(db, BUSY, { allBut: opened.sessionId }, NOW);
    await sessions.refreshSession(db, opened.refreshToken, LIFETIMES, NOW);
  },
  'the sessions of all open sockets': async () =>
    sessions.standingSessions(
      db,
      Array.from({ length: 50 }, () => identity(randomUUID()).sessionId),
      NOW,
    ),
  'who asks, one alone and fifty at once': async () => {
    for (const count of [1, 50]) {
      const asking = Array.from({ length: count }, () => ({ identity: identity(randomUUID()), chatId: GIANT }));
      await admissions(db, asking, NOW);
    }
  },
  'the groups of one in sixty': async () => listGroups(db, BUSY),
  'a group, from its making to a member’s leaving': async () => {
    const input = { name: 'New', members: [5, 6, 7] };
    await inTransaction(async (tx) => createGroup(tx, BUSY, input, NOW));
    await getGroup(db, BUSY, GIANT);
    await inTransaction(async (tx) => addMember(tx, BUSY, GIANT, 19_999, NOW));
    await inTransaction(async (tx) => removeMember(tx, BUSY, GIANT, 19_999, NOW));
    await inTransaction(async (tx) => updateGroup(tx, BUSY, GIANT, { name: 'Renamed' }));
  },
  'a personal chat that is there, and a new one': async () => {
    await inTransaction(async (tx) => openPersonalChat(tx, 100, 101, NOW));
    await inTransaction(async (tx) => openPersonalChat(tx, 100, 300, NOW));
  },
  'sending one message': async () => sending(drafts(1, [GIANT])),
  'sending five hundred in one chat': async () => sending(drafts(500, [GIANT])),
  'sending five hundred in sixty chats': async () => sending(drafts(500, EVERY_BUSY_GROUP)),
  'sending five hundred answers': async () => sending(drafts(500, [GIANT], true)),
  'a page of messages with their reactions': async () =>
    selectMessages(db)
      .where('chat_id', '=', GIANT)
      .where('id', '>', GIANT_MESSAGES - 100)
      .where('id', '<=', GIANT_MESSAGES)
      .execute(),
  'a message': async () => getMessage(db, BUSY, GIANT, 100),
  'the earlier texts of a message': async () => earlierTexts(db, BUSY, GIANT, 100),
  'editing a message': async () => {
    const id = nextMessage();
    await inTransaction(async (tx) => editMessage(tx, BUSY, GIANT, id, 'another text', NOW));
  },
  'deleting a message': async () => {
    const id = nextMessage();
    await inTransaction(async (tx) => deleteMessage(tx, BUSY, GIANT, id, NOW));
  },
  'reacting, and taking it back': async () => {
    const id = nextMessage();
    await inTransaction(async (tx) => react(tx, BUSY, GIANT, id, '❤️', NOW));
    await inTransaction(async (tx) => takeReactionBack(tx, BUSY, GIANT, id, '❤️'));
  },
  'pinning a message, and unpinning it': async () => {
    const id = nextMessage();
    await inTransaction(async (tx) => pin(tx, BUSY, GIANT, id, NOW));
    await inTransaction(async (tx) => unpin(tx, BUSY, GIANT, id));
  },
  'the pinned messages of a chat': async () => pinsOf(db, BUSY, GIANT),
  'what is forwarded, and whether one is in the chats that it goes to': async () =>
    originals(db, BUSY, GIANT, [100, 300, 5000], EVERY_BUSY_GROUP.slice(0, 10)),
  'a file, from its making to its sending': async () => {
    const input = { id: randomUUID(), name: 'a.txt', size: 10 };
    const quotas = { maxSize: 100, perUser: 1_000_000, inAll: undefined };
    const { id } = await createFile(db, 15_000, input, quotas, NOW);
    await requireOwnFile(db, 15_000, id);
    const none = { width: null, height: null, preview: null };
    await noteContent(db, id, { ...none, size: 10, type: 'text/plain' });
    await requireFile(db, 15_000, id);
    await sending([{ chatId: GROUPS + 15_000, senderId: 15_000, text: '', clientId: undefined, files: [id] }]);
    await requireFile(db, 15_001, id);
  },
  'a file that is taken back, and one whose message is deleted': async () => {
    const { rows } = await sql<{ id: string }>`SELECT md5('own 77 1')::uuid AS id`.execute(database.db);
    await removeOwnFile(db, 77, rows[0]?.id ?? '', NOW);
    await inTransaction(async (tx) => deleteMessage(tx, BUSY, GIANT, 900, NOW));
  },
  'collecting the files that are to go': async () => {
    for (const id of await removableFiles(db, NOW)) await forgetFile(db, id);
  },
  'a mark': async () => inTransaction(async (tx) => writeMarks(tx, [markOf(2, GIANT)], NOW)),
  'two hundred marks in one chat': async () =>
    inTransaction(async (tx) => {
      const members = Array.from({ length: 200 }, (_, index) => index + 100);
      return writeMarks(
        tx,
        members.map((userId) => markOf(userId, GIANT)),
        NOW,
      );
    }),
  'marks in sixty chats': async () =>
    inTransaction(async (tx) =>
      writeMarks(
        tx,
        EVERY_BUSY_GROUP.map((chatId) => markOf(BUSY, chatId)),
        NOW,
      ),
    ),
  'marks that a node may not have heard of': async () => marksSince(db, EVERY_BUSY_GROUP, new Date(NOW.getTime() - 1)),
  'whether a message is read by anyone': async () => readByOthers(db, GIANT),
  'searching words, parts of words, and words with a wrong letter': async () => {
    for (const query of ['Message', '"Message 77"', 'essage', 'Mesage 77']) await search(query);
  },
  'searching by filters': async () => {
    for (const query of ['from:user1 has:link', 'in:"Group 9" before:2026-11-22', 'hello in:user2 after:2026-11-22']) {
      await search(query);
    }
  },
  'who has read a message': async () => readersOf(db, BUSY, GIANT, 500, { limit: 100, after: 0 }),
  'all that a client lacks': async () =>
    syncSince(snapshot, BUSY, new Map(EVERY_BUSY_GROUP.map((chatId) => [chatId, MESSAGES]))),
  'who is in the chats of one in sixty groups': async () => memberListsOf(db, EVERY_BUSY_GROUP),
  'who is online, in a giant and one by one': async () => {
    await presenceIn(db, BUSY, GIANT, () => true);
    await presenceSeenBy(db, BUSY, 2, () => true);
  },
  'whether a member of the giant may be seen': async () => shareSmallChat(db, BUSY, 2999),
  'when a hundred were seen last, and who of them hides': async () => {
    const userIds = Array.from({ length: 100 }, (_, index) => 1 + index);
    await storeLastSeen(
      db,
      userIds.map((userId) => ({ userId, at: NOW })),
    );
    await lastSeenOf(db, userIds);
    await hiddenAmong(db, userIds);
  },
};

describe('nothing that people wait for reads a big table from end to end', () => {
  test.each(Object.keys(acts))('%s', async (name) => {
    statements = [];
    await acts[name]?.();
    expect(statements.length).toBeGreaterThan(0);
    const kept = statements;
    const read = [];
    for (const statement of kept) {
      // PostgreSQL may keep one plan of a prepared statement for whatever parameters come.
      const forAny = await planOf(database.db, CompiledQuery.raw(statement.sql), 'GENERIC_PLAN');
      for (const node of [...(await planOf(database.db, statement)), ...forAny]) {
        if (node['Node Type'] !== 'Seq Scan' || !BIG.has(node['Relation Name'] ?? '')) continue;
        read.push(`${node['Relation Name']} by ${statement.sql}`);
      }
    }
    expect(read).toEqual([]);
  });
});

test('WS4 a sync takes as many statements for sixty chats as for two', async () => {
  const counts = [];
  for (const [userId, chatIds] of [
    [BUSY, EVERY_BUSY_GROUP],
    [15_000, [GROUPS + 14_999, GROUPS + 15_000]],
  ] as const) {
    statements = [];
    await syncSince(snapshot, userId, new Map(chatIds.map((chatId) => [chatId, MESSAGES])));
    counts.push(statements.length);
  }
  expect(counts[0]).toBeLessThanOrEqual(7);
  expect(counts[1]).toBeLessThanOrEqual(7);
});

describe('in a chat of 20,000 messages and 3,000 members, a small act stays small', () => {
  test.each([
    ['sending one message', 10],
    ['sending five hundred in one chat', 1000],
    ['sending five hundred answers', 1500],
    ['a mark', 20],
    ['two hundred marks in one chat', 1500],
    ['whether a message is read by anyone', 2],
    ['the newest history', 320],
    ['who asks, one alone and fifty at once', 51 * 6],
    ['history from a moment on', 80],
    ['whether a member of the giant may be seen', 100],
    ['a page of messages with their reactions', 300],
    ['the earlier texts of a message', 20],
    ['editing a message', 50],
    ['deleting a message', 50],
    ['reacting, and taking it back', 100],
    ['pinning a message, and unpinning it', 200],
    ['the pinned messages of a chat', 500],
    ['what is forwarded, and whether one is in the chats that it goes to', 40],
    ['what changed lately', 100],
    ['filling a gap', 100],
  ])('%s looks at no more than %i rows', async (name, most) => {
    statements = [];
    await acts[name]?.();
    const kept = statements.filter(({ sql: text }) => /^\s*(select|update|delete)/i.test(text));
    expect(kept.length).toBeGreaterThan(0);
    let rows = 0;
    for (const statement of kept) rows += await rowsLookedAt(database.db, statement, BIG);
    expect(rows).toBeLessThanOrEqual(most);
  });
});
