import { randomBytes } from 'node:crypto';
import { databaseAddress } from '../../cluster/database-address.ts';
import { closeSockets, openSockets, quiet } from '../driver/audience.ts';
import type { Load } from '../driver/load.ts';
import { figureNames } from '../driver/measure.ts';
import { makeGroup, signInPeople } from '../driver/people.ts';
import type { Socket } from '../driver/socket.ts';
import type { Target } from '../driver/target.ts';
import { startNats } from '../nats.ts';
import type { Parts } from '../processes.ts';
import { summaryOf, validRounds } from '../summary.ts';
import type { Context, Row, Workload } from '../workload.ts';
import { sendingTo } from './fan-out.ts';
import { calmly, PER_SECOND } from './latency.ts';

const ONLINE = 100;

/** Messages that the sender has under way at once where it sends as fast as it may. */
const WINDOW = 32;

/** Rounds at a calm rate are so many times as long as others: there is little of it in a second. */
const LONGER = 2;

/** Servers that share a database, as one. */
interface Installation {
  name: string;
  /** The first one owns the database. */
  nodes: readonly [Target, ...Target[]];
  parts: () => Parts;
}

/** A group and its sockets, spread evenly over the nodes; the first socket is at the first node. */
interface Scene {
  installation: Installation;
  chatId: number;
  sockets: Socket[];
}

/** What a second node costs: one writes into a group, half of which is at the other node, beside all at one node. */
export const twoNodes: Workload = {
  name: 'w8',
  title: 'W8 two nodes: half of a group is at the other node',
  async run(context) {
    const online = context.extent.quick ? 10 : ONLINE;
    const nats = await startNats(context.serverCore, context.folder);
    if (nats === undefined) {
      return [{ name: 'W8 two nodes: left out, as there is no nats-server', headline: ['delivered/s'], rounds: [] }];
    }
    const alone = await context.startServer();
    const [first, second] = await startTwo(context, nats.server.url);
    const one: Installation = { name: 'one node', nodes: [alone], parts: alone.parts };
    const two: Installation = {
      name: 'two nodes',
      nodes: [first, second],
      parts: () => ({ ...first.parts(), server: [first.pid, second.pid], NATS: nats.pids }),
    };
    // Both stand all the time, so that what is compared is measured close together.
    const scenes = [await setUp(context, one, online), await setUp(context, two, online)];
    const calm: Row[] = [];
    for (const scene of scenes) calm.push(await measureCalm(context, scene));
    const fast: Row[] = [];
    for (const scene of scenes) fast.push(await measureFast(context, scene));
    for (const { sockets } of scenes) closeSockets(sockets);
    // Before the one that owns the database of both.
    await second.stop();
    await first.stop();
    await nats.server.stop();
    return [...calm, ...beside(calm), ...fast, ...beside(fast)];
  },
};

/** Two servers on the database of the first. */
async function startTwo(context: Context, natsUrl: string): Promise<[Target, Target]> {
  const environment = { NATS_URL: natsUrl, SECRET_KEY: randomBytes(32).toString('base64') };
  const first = await context.startServer({ environment });
  const { host, port, user = '', password = '', database = '' } = await first.database();
  const address = databaseAddress({ host, port, user, password, database });
  return [first, await context.startServer({ environment: { ...environment, DATABASE_URL: address } })];
}

async function setUp(context: Context, installation: Installation, online: number): Promise<Scene> {
  const { nodes } = installation;
  context.tell(`${online} people sign in, ${installation.name}`);
  const people = await signInPeople(nodes[0], online);
  const chatId = await makeGroup(nodes[0].url, people);
  const sockets: Socket[] = [];
  for (const [index, { url }] of nodes.entries()) {
    const here = people.filter((_, number) => number % nodes.length === index);
    const listeners = here.map((person) => ({ person, chatId }));
    sockets.push(...(await openSockets(url, context.extent.door, listeners)));
  }
  await quiet(sockets);
  return { installation, chatId, sockets };
}

async function measureCalm(context: Context, { installation, chatId, sockets }: Scene): Promise<Row> {
  const { door, seconds } = context.extent;
  return context.measure(
    {
      name: `W8 ${installation.name}, ${PER_SECOND} messages/s to ${sockets.length} online`,
      headline: ['p50 ms', 'p99 ms', ...natsOf(installation)],
    },
    { parts: installation.parts, seconds: seconds * LONGER },
    () => calmly(sockets, door, chatId),
  );
}

async function measureFast(context: Context, { installation, chatId, sockets }: Scene): Promise<Row> {
  const { door } = context.extent;
  const name = `W8 ${installation.name}, ${WINDOW} under way to ${sockets.length} online`;
  const makeLoad = (): Load => sendingTo(sockets, door, chatId, WINDOW);
  return context.measure({ name, headline: ['delivered/s', ...natsOf(installation)] }, installation, makeLoad);
}

/** What NATS uses has no column of its own. */
function natsOf({ nodes }: Installation): string[] {
  return nodes.length > 1 ? [figureNames.perOperation('NATS')] : [];
}

/** How many times the processor time of one node two take for the same, and what they add to the latency. */
function beside([one, two]: readonly Row[]): Row[] {
  if (one === undefined || two === undefined) return [];
  const everything = ['server', 'PostgreSQL', 'NATS'];
  const later = (figure: string): number => (medianOf(two, figure) ?? Number.NaN) - (medianOf(one, figure) ?? 0);
  const figures = {
    '× the processor time': costOf(two, everything) / costOf(one, everything),
    '× that of the server alone': costOf(two, ['server']) / costOf(one, ['server']),
    'ms more at p50': later('p50 ms'),
    'ms more at p99': later('p99 ms'),
  };
  const known = Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)));
  return [{ name: `${two.name}, to one`, headline: Object.keys(known), rounds: [{ figures: known, faults: [] }] }];
}

function costOf(row: Row, parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + (medianOf(row, figureNames.perOperation(part)) ?? 0), 0);
}

function medianOf({ rounds }: Row, figure: string): number | undefined {
  return summaryOf(validRounds(rounds), figure)?.median;
}
