import { Inbox } from '@beseda/protocol/chats.ts';
import { Message } from '@beseda/protocol/messages.ts';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { closeSockets, openSockets, quiet } from '../driver/audience.ts';
import { insertGroups } from '../driver/groups.ts';
import { insertHistory } from '../driver/history.ts';
import { figureNames } from '../driver/measure.ts';
import { signInPeople, type Person } from '../driver/people.ts';
import type { Target } from '../driver/target.ts';
import { summaryOf, validRounds } from '../summary.ts';
import type { Context, Row, Workload } from '../workload.ts';
import { read, type Page } from './reading.ts';
import { sending, type Pair } from './senders.ts';

const PAIRS = 32;
const READERS = 16;
const PAGE = 50;

/** Chats of somebody who has few, and of somebody who has many. */
const CHATS = { few: 10, many: 1000 } as const;

/** What the same operations cost when there is more: sends, the newest page and the inbox at each size. */
export const growth: Workload = {
  name: 'w9',
  title: 'W9 growth: what an operation costs as messages become more',
  async run(context) {
    const bySize: Row[][] = [];
    for (const size of context.extent.growth) bySize.push(await atSize(context, size));
    const [smallest, largest] = [bySize[0] ?? [], bySize.at(-1) ?? []];
    return [...bySize.flat(), ...smallest.flatMap((row, index) => grownTo(row, largest[index]))];
  },
};

async function atSize(context: Context, size: number): Promise<Row[]> {
  const target = await context.startServer();
  context.tell(`a database is filled with ${size.toLocaleString('en')} messages`);
  const { pairs, readers, busy, long } = await populate(target, size);
  const inbox = (chats: number): Page => ({
    name: `W9 inbox of ${chats} chats, ${size.toLocaleString('en')} messages`,
    path: '/api/v1/chats/',
    items: (body) => Value.Parse(Inbox, body).chats.length,
    expected: chats,
  });
  const rows = [
    await read(context, target, readers, {
      name: `W9 newest ${PAGE} of a chat of ${(size / 2).toLocaleString('en')}, ${size.toLocaleString('en')} messages`,
      path: `/api/v1/messages/history/${long}?limit=${PAGE}`,
      items: (body) => Value.Parse(Type.Array(Message), body).length,
      expected: PAGE,
    }),
    await read(context, target, readers, inbox(CHATS.few)),
    await read(
      context,
      target,
      readers.map(() => busy),
      inbox(CHATS.many),
    ),
    await send(context, target, pairs, size),
  ];
  await target.stop();
  return rows;
}

interface Populated {
  pairs: Pair[];
  /** Members of the long chat and of a few others. */
  readers: Person[];
  /** A member of very many chats. */
  busy: Person;
  long: number;
}

/** Half of the messages are in one chat, the others spread over all, so that both one chat and many grow. */
async function populate(target: Target, size: number): Promise<Populated> {
  const [busy, ...others] = await signInPeople(target, 1 + READERS + 2 * PAIRS);
  if (busy === undefined) throw new Error('there is nobody');
  const readers = others.slice(0, READERS);
  const couples = Array.from({ length: PAIRS }, (_, index) => others.slice(READERS + 2 * index).slice(0, 2));
  const crowded = [busy, ...readers];
  const lists = [
    ...Array.from({ length: CHATS.many }, (_, index) => (index < CHATS.few ? crowded : [busy])),
    ...couples,
  ];
  const database = await target.database();
  const chatIds = await insertGroups(
    database,
    lists.map((members) => members.map(({ id }) => id)),
  );
  const [long = 0, ...spread] = chatIds;
  await insertHistory(database, { chatIds: spread, messages: Math.max(1, Math.floor(size / 2 / spread.length)) });
  await insertHistory(database, { chatIds: [long], messages: size / 2 });
  const pairs = couples.flatMap(([writer, listener], index): Pair[] =>
    writer === undefined || listener === undefined
      ? []
      : [{ chatId: chatIds[CHATS.many + index] ?? 0, writer, listener }],
  );
  return { pairs, readers, busy, long };
}

async function send(context: Context, target: Target, pairs: readonly Pair[], size: number): Promise<Row> {
  const { door } = context.extent;
  const writing = await openSockets(
    target.url,
    door,
    pairs.map(({ chatId, writer }) => ({ chatId, person: writer })),
  );
  const listening = await openSockets(
    target.url,
    door,
    pairs.map(({ chatId, listener }) => ({ chatId, person: listener })),
  );
  await quiet([...writing, ...listening]);
  const name = `W9 ${pairs.length} sends under way, ${size.toLocaleString('en')} messages`;
  const row = { name, headline: ['sends/s', 'p50 ms', 'p99 ms'] };
  const measured = await context.measure(row, target, () => sending(pairs, writing, listening, door, 1));
  closeSockets([...writing, ...listening]);
  return measured;
}

/** How many times the processor time of the smallest size the largest takes for the same operation. */
function grownTo(small: Row, large: Row | undefined): Row[] {
  if (large === undefined) return [];
  const figures: Record<string, number> = {};
  const times = (parts: readonly string[]): number => costOf(large, parts) / costOf(small, parts);
  for (const parts of [['server', 'PostgreSQL'], ['server'], ['PostgreSQL']]) {
    if (Number.isFinite(times(parts))) figures[`× the time of ${parts.join(' and ')}`] = times(parts);
  }
  return [{ name: `${large.name}, to the fewest`, headline: Object.keys(figures), rounds: [{ figures, faults: [] }] }];
}

function costOf({ rounds }: Row, parts: readonly string[]): number {
  const valid = validRounds(rounds);
  return parts.reduce((sum, part) => sum + (summaryOf(valid, figureNames.perOperation(part))?.median ?? Number.NaN), 0);
}
