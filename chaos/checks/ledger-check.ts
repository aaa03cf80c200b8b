import type { Findings } from '../findings.ts';
import type { Ledger } from '../load/ledger.ts';
import type { Database } from '../world/database.ts';

interface MessageRow {
  chat_id: number;
  id: number;
  sender_id: number;
  client_id: string | null;
  text: string;
  deleted: boolean;
}

const MESSAGES = `SELECT chat_id::float8, id::float8, sender_id::float8, client_id::text, text,
  deleted_at IS NOT NULL AS deleted FROM messages ORDER BY chat_id, id`;

/** Holds the database against all that was acknowledged. */
export async function checkLedger(database: Database, ledger: Ledger, findings: Findings): Promise<void> {
  const rows = await database.query<MessageRow>(MESSAGES);
  const byPlace = new Map(rows.map((row) => [`${row.chat_id} ${row.id}`, row]));
  const earlier = await database.query<{ place: string; text: string }>(
    "SELECT chat_id || ' ' || message_id AS place, text FROM message_edits",
  );
  checkSends(rows, byPlace, ledger, findings);
  checkNumbers(rows, ledger, findings);
  checkChanges(byPlace, new Set(earlier.map(({ place, text }) => `${place} ${text}`)), ledger, findings);
  await checkReactions(database, byPlace, ledger, findings);
  await checkMarks(database, ledger, findings);
}

type ByPlace = ReadonlyMap<string, MessageRow>;

function checkSends(rows: readonly MessageRow[], byPlace: ByPlace, ledger: Ledger, findings: Findings): void {
  const byClientId = Map.groupBy(rows, (row) => row.client_id);
  for (const { clientId, chatId, userId, text, acked, refused } of ledger.sends.values()) {
    const copies = byClientId.get(clientId)?.length ?? 0;
    if (copies > 1) findings.report('doubled', `${JSON.stringify(text)} is stored ${copies} times`);
    if (refused === true && copies > 0) {
      findings.report('doubled', `${JSON.stringify(text)} was refused, and is stored`);
    }
    if (acked === undefined) continue;
    const row = acked.id === undefined ? byClientId.get(clientId)?.[0] : byPlace.get(`${chatId} ${acked.id}`);
    if (row?.client_id !== clientId || row.sender_id !== userId) {
      findings.report('missing', `message ${acked.id} of chat ${chatId}, ${JSON.stringify(text)}`);
    }
  }
}

/** Ids count without gaps; and what one device sent to a chat one after the other stands in that order. */
function checkNumbers(rows: readonly MessageRow[], ledger: Ledger, findings: Findings): void {
  const last = new Map<string, number>();
  const follow = (key: string, number: number, fits: (before: number) => boolean): void => {
    const before = last.get(key) ?? 0;
    if (!fits(before)) findings.report('order', `in chat ${key}: ${number} follows ${before}`);
    last.set(key, number);
  };
  for (const { chat_id: chat, id, client_id: clientId } of rows) {
    follow(`${chat}`, id, (before) => id === before + 1);
    // The text may have been edited or deleted since: the ledger has what was sent.
    const sent = clientId === null ? undefined : ledger.sends.get(clientId)?.text;
    const [, device = '', count = ''] = /^(\S+) (\d+) /.exec(sent ?? '') ?? [];
    if (count !== '') follow(`${chat}, device ${device}`, Number(count), (before) => Number(count) > before);
  }
}

function checkChanges(byPlace: ByPlace, earlier: ReadonlySet<string>, ledger: Ledger, findings: Findings): void {
  for (const { chatId, messageId, text, acked } of ledger.changes) {
    if (!acked) continue;
    const place = `${chatId} ${messageId}`;
    const row = byPlace.get(place);
    // With the message its earlier texts go.
    const isDone =
      row?.deleted === true || (text !== undefined && (row?.text === text || earlier.has(`${place} ${text}`)));
    if (isDone) continue;
    const what = text === undefined ? 'the deletion' : 'an edit';
    findings.report('missing', `${what} of message ${messageId} of chat ${chatId}`);
  }
}

async function checkReactions(database: Database, byPlace: ByPlace, ledger: Ledger, findings: Findings): Promise<void> {
  const rows = await database.query<{ key: string }>(
    "SELECT chat_id || ' ' || message_id || ' ' || user_id || ' ' || emoji AS key FROM reactions",
  );
  const stored = new Set(rows.map(({ key }) => key));
  for (const [key, { chatId, messageId, on, acked }] of ledger.reactions) {
    // With the message its reactions go, whoever was acknowledged what.
    if (!acked || byPlace.get(`${chatId} ${messageId}`)?.deleted === true) continue;
    if (stored.has(key) !== on) findings.report('missing', `the reaction ${key}, ${on ? 'given' : 'taken back'}`);
  }
}

async function checkMarks(database: Database, ledger: Ledger, findings: Findings): Promise<void> {
  const rows = await database.query<{ key: string; mark: number }>(
    "SELECT chat_id || ' ' || user_id AS key, last_read_id::float8 AS mark FROM members",
  );
  const marks = new Map(rows.map(({ key, mark }) => [key, mark]));
  for (const [key, mark] of ledger.marks) {
    if ((marks.get(key) ?? 0) < mark) findings.report('missing', `the reading mark ${mark} of chat and user ${key}`);
  }
}
