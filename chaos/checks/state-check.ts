import type { Device } from '../devices/device.ts';
import type { LibraryDevice } from '../devices/library-device.ts';
import type { HeldChat } from '../devices/held-state.ts';
import type { Client } from '../../packages/client/src/client.ts';
import { digestOf } from '../devices/digest.ts';
import { readHistory } from '../devices/history.ts';
import type { Findings } from '../findings.ts';
import type { Rest } from '../rest.ts';
import type { Database } from '../world/database.ts';

/** The truth about a chat: its messages as the server tells them to one who comes anew, the rest from the database. */
interface Snapshot {
  version: number;
  name: string | null;
  isGroup: boolean;
  members: Set<number>;
  messages: Map<number, { version: number; digest: string }>;
}

/** The versions of all chats, from the database. */
async function versionsOf(database: Database): Promise<Map<number, number>> {
  const rows = await database.query<{ id: number; version: number }>(
    'SELECT id::float8 AS id, version::float8 AS version FROM chats',
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** By user, the chats that they are in, from the database. */
async function chatsByUser(database: Database): Promise<Map<number, Set<number>>> {
  const rows = await database.query<{ chat_id: number; user_id: number }>(
    'SELECT chat_id::float8 AS chat_id, user_id::float8 AS user_id FROM members WHERE left_at IS NULL',
  );
  const byUser = Map.groupBy(rows, (row) => row.user_id);
  return new Map([...byUser].map(([userId, own]) => [userId, new Set(own.map((row) => row.chat_id))]));
}

/** Whether every device has reached the present version of every chat of its user. */
export async function areCaughtUp(database: Database, devices: readonly Device[]): Promise<boolean> {
  const [versions, chats] = [await versionsOf(database), await chatsByUser(database)];
  return devices.every((device) => {
    const own = [...(chats.get(device.account.id) ?? [])];
    const held = device.state.chats;
    const isUpToDate = (id: number): boolean => held.get(id)?.version === versions.get(id);
    return device.isLive() && own.length === held.size && own.every(isUpToDate);
  });
}

/** Compares what each device holds with what one is told who comes anew. */
export async function checkStates(
  database: Database,
  rest: Rest,
  devices: readonly Device[],
  libraryDevices: readonly LibraryDevice[],
  findings: Findings,
): Promise<void> {
  const chats = await chatsByUser(database);
  const snapshots = new Map<number, Snapshot>();
  for (const device of devices) {
    const own = chats.get(device.account.id) ?? new Set();
    for (const chatId of own) {
      const snapshot = snapshots.get(chatId) ?? (await takeSnapshot(database, rest, device, chatId));
      snapshots.set(chatId, snapshot);
      const held = device.state.chats.get(chatId);
      const difference = held === undefined ? 'is not held' : differenceOf(held, snapshot);
      if (difference !== undefined) findings.report('state', `${device.name}: chat ${chatId} ${difference}`);
    }
    for (const chatId of device.state.chats.keys()) {
      if (!own.has(chatId)) findings.report('state', `${device.name}: chat ${chatId} is held, and is not the user's`);
    }
  }
  for (const { name, account, client } of libraryDevices) {
    const own = chats.get(account.id) ?? new Set();
    for (const { id } of client.store.inbox()) {
      if (!own.has(id)) findings.report('state', `${name}: chat ${id} is held, and is not the user's`);
    }
    for (const chatId of own) {
      const snapshot = snapshots.get(chatId);
      const difference = snapshot === undefined ? undefined : libraryDifference(client, chatId, snapshot);
      if (difference !== undefined) findings.report('state', `${name}: chat ${chatId} ${difference}`);
    }
  }
}

/** The client package holds what was loaded of a chat, and all that came since: that must be as it stands. */
function libraryDifference(client: Client, chatId: number, snapshot: Snapshot): string | undefined {
  const messages = client.store.messages(chatId);
  if (messages === undefined) return 'is not held';
  if (!messages.ends && snapshot.messages.size > 0) return 'lacks the newest message';
  for (const message of messages.runs.flat()) {
    const now = snapshot.messages.get(message.id);
    if (digestOf(message) !== now?.digest) return otherState(message.id, message.version, now?.version);
  }
  const members = client.store.members(chatId);
  if (members === undefined || !snapshot.isGroup) return undefined;
  return sameMembers(new Set(members), snapshot.members) ? undefined : `has the members ${members.join(', ')}`;
}

function otherState(id: number, held: number, now: number | undefined): string {
  return `has message ${id} in another state, that of version ${held}, and it is at ${now ?? 'none'}`;
}

function sameMembers(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return one.size === other.size && [...one].every((id) => other.has(id));
}

async function takeSnapshot(database: Database, rest: Rest, device: Device, chatId: number): Promise<Snapshot> {
  const history = await readHistory(async (path) => rest.insist('GET', path, { token: device.token() }), chatId);
  const [chat] = await database.query<{ version: number; name: string | null; kind: string }>(
    'SELECT version::float8 AS version, name, kind FROM chats WHERE id = $1',
    [chatId],
  );
  const members = await database.query<{ id: number }>(
    'SELECT user_id::float8 AS id FROM members WHERE chat_id = $1 AND left_at IS NULL',
    [chatId],
  );
  return {
    version: chat?.version ?? 0,
    name: chat?.name ?? null,
    isGroup: chat?.kind === 'group',
    members: new Set(members.map(({ id }) => id)),
    messages: new Map(
      (history ?? []).map((message) => [message.id, { version: message.version, digest: digestOf(message) }]),
    ),
  };
}

function differenceOf(held: HeldChat, snapshot: Snapshot): string | undefined {
  if (held.version !== snapshot.version) return `is at version ${held.version} instead of ${snapshot.version}`;
  if (held.name !== snapshot.name) return `is called ${JSON.stringify(held.name)}`;
  const members = new Set([...held.members].filter(([, { left }]) => !left).map(([id]) => id));
  if (snapshot.isGroup && !sameMembers(members, snapshot.members)) {
    return `has the members ${[...members].join(', ')} instead of ${[...snapshot.members].join(', ')}`;
  }
  for (const [id, now] of snapshot.messages) {
    const message = held.messages.get(id);
    if (message === undefined) return `lacks message ${id}`;
    if (message.digest !== now.digest) return otherState(id, message.version, now.version);
  }
  const more = [...held.messages.keys()].find((id) => !snapshot.messages.has(id));
  return more === undefined ? undefined : `has message ${more}, which does not exist`;
}
