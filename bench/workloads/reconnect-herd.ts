import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { closeSockets, openSockets, quiet, takeFaults } from '../driver/audience.ts';
import { insertGroups } from '../driver/groups.ts';
import { comeBack, cut, versionsOf } from '../driver/herd.ts';
import { measureOnce } from '../driver/measure-once.ts';
import { signInPeople, type Person } from '../driver/people.ts';
import { post } from '../driver/posting.ts';
import { openSocket, type Socket } from '../driver/socket.ts';
import type { Target } from '../driver/target.ts';
import { randomFrom } from '../random.ts';
import type { Context, Round, Row, Workload } from '../workload.ts';

const PEOPLE = 2000;
const CHATS_EACH = 20;

/** Messages that come into a chat while all are away, by turns: 50 for each person over 20 chats. */
const MISSED = [2, 3] as const;

/** Between two chats of one person, so that neighbours have chats in common and others. */
const STRIDE = 5;

/** Large groups share what was written among many; in small ones everybody is told who comes back. */
const GROUPS = [100, 2000] as const;

const TEXT_BYTES = 128;
const SEED = 7;

/** Milliseconds until a server has done with those who went. */
const SETTLING_MS = 2000;

const UNTIL_ALL = 's until all are synced';

/** Everybody's connection breaks at once, and all are back at once, with something missed. */
export const reconnectHerd: Workload = {
  name: 'w7',
  title: 'W7 reconnect herd: all are cut, and back at once',
  async run(context) {
    const { quick } = context.extent;
    const rows: Row[] = [];
    for (const groups of quick ? [100] : GROUPS) rows.push(await herdIn(context, quick ? 40 : PEOPLE, groups));
    return rows;
  },
};

async function herdIn(context: Context, count: number, groups: number): Promise<Row> {
  const { rounds } = context.extent;
  const target = await context.startServer();
  const database = await target.database();
  context.tell(`${count} people sign in`);
  const [writer, ...people] = await signInPeople(target, count + 1);
  if (writer === undefined) throw new Error('there is nobody to write');
  const chatIds = await insertGroups(
    database,
    membersOf(count, groups).map((places) => [writer.id].concat(places.map((place) => people[place]?.id ?? 0))),
  );
  let sockets = await openSockets(
    target.url,
    'main',
    people.map((person) => ({ person, chatId: 0 })),
  );
  await quiet(sockets);
  const writing = await openSocket({ url: target.url, token: writer.token, listens: false });
  const random = randomFrom(SEED);
  context.tell(`waits are drawn from seed ${SEED}`);
  const done: Round[] = [];
  // Without all of them there is no next round.
  for (let round = 0; round <= rounds && sockets.length === count; round += 1) {
    const one = await cutAndReturn(target, database, { people, sockets, writing, chatIds, random });
    sockets = one.sockets;
    // The first one warms up.
    if (round > 0 || sockets.length < count) done.push(one.round);
    await quiet(sockets);
  }
  closeSockets([...sockets, writing]);
  await target.stop();
  const size = (count * CHATS_EACH) / groups;
  const missed = (CHATS_EACH * (MISSED[0] + MISSED[1])) / 2;
  const name = `W7 ${count} back at once, ${missed} missed over ${CHATS_EACH} chats of ${size}`;
  return { name, headline: [UNTIL_ALL, 's until half are', 'refusals'], rounds: done };
}

/** The places of the members of each group: everybody is in so many of them. */
function membersOf(people: number, groups: number): number[][] {
  const lists = Array.from({ length: groups }, (): number[] => []);
  for (let place = 0; place < people; place += 1) {
    for (let index = 0; index < CHATS_EACH; index += 1) lists[(place + index * STRIDE) % groups]?.push(place);
  }
  return lists;
}

interface Scene {
  people: readonly Person[];
  sockets: readonly Socket[];
  writing: Socket;
  chatIds: readonly number[];
  random: () => number;
}

async function cutAndReturn(
  target: Target,
  database: Client,
  { people, sockets, writing, chatIds, random }: Scene,
): Promise<{ round: Round; sockets: Socket[] }> {
  const returning = people.map((person, index) => {
    const socket = sockets[index];
    return { person, since: socket === undefined ? {} : versionsOf(socket) };
  });
  cut(sockets);
  await post(
    writing,
    chatIds.flatMap((chatId, index) => Array.from({ length: MISSED[index % MISSED.length] ?? 0 }, () => chatId)),
    TEXT_BYTES,
  );
  await sleep(SETTLING_MS);
  let back: (Socket | undefined)[] = [];
  const round = await measureOnce(target, async () => {
    const herd = await comeBack(target.url, returning, random);
    back = herd.sockets;
    const times = herd.syncedAt.toSorted((a, b) => a - b);
    return {
      operations: times.length,
      figures: {
        [UNTIL_ALL]: (times.at(-1) ?? Number.NaN) / 1000,
        's until half are': (times[times.length >> 1] ?? Number.NaN) / 1000,
        refusals: herd.refusals,
      },
      faults: [],
    };
  });
  const { rows } = await database.query<{ id: string; version: string }>('SELECT id, version FROM chats');
  const present = new Map(rows.map(({ id, version }) => [id, Number(version)]));
  const there = back.filter((socket) => socket !== undefined);
  const faults = [...takeFaults(there), ...faultsOf(back, returning, present)];
  return { round: { ...round, faults }, sockets: there };
}

/** Whether each has come to the present version of each of its chats, by each message between once. */
function faultsOf(
  back: readonly (Socket | undefined)[],
  returning: readonly { since: Readonly<Record<string, number>> }[],
  present: ReadonlyMap<string, number>,
): string[] {
  let [missing, behind, lacking] = [0, 0, 0];
  for (const [index, { since: before }] of returning.entries()) {
    const socket = back[index];
    if (socket === undefined) {
      missing += 1;
      continue;
    }
    const since = Object.entries(before);
    const now = versionsOf(socket);
    behind += since.filter(([chatId]) => now[chatId] !== present.get(chatId)).length;
    const missed = since.reduce((sum, [chatId, version]) => sum + (present.get(chatId) ?? 0) - version, 0);
    if (since.length !== CHATS_EACH || socket.messages !== missed) lacking += 1;
  }
  return [
    ...(missing > 0 ? [`${missing} of ${returning.length} did not come back`] : []),
    ...(behind > 0 ? [`${behind} chats were not brought to their version`] : []),
    ...(lacking > 0 ? [`${lacking} did not get what they had missed, each message once`] : []),
  ];
}
