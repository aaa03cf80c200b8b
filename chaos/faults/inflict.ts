import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, TcpProxy } from '../../cluster/tcp-proxy.ts';
import type { Random } from '../../packages/server/testing/random.ts';
import type { Measures } from '../measures.ts';
import type { ServerSlot } from '../world/server-slot.ts';
import type { World } from '../world/world.ts';
import type { Mishap, Planned } from './timeline.ts';

/** A time at which the bus did not reach all servers, by `Date.now()`; `to` is open while it lasts. */
export interface BusTrouble {
  from: number;
  to: number | undefined;
}

export interface Inflicting {
  busTroubles: readonly BusTrouble[];
  /** How many of each kind there were. */
  counts: ReadonlyMap<Mishap['kind'], number>;
  /** Settles when everything planned has happened and is over. */
  done: Promise<void>;
}

export interface InflictParts {
  world: World;
  plan: readonly Planned[];
  random: Random;
  measures: Measures;
  /** When a send was acknowledged last, by `performance.now()`. */
  lastAckAt: () => number;
}

const POLL_MS = 20;

/** Makes everything that is planned go wrong, each at its time or as soon after as what it concerns is whole again. */
export function inflict(parts: InflictParts): Inflicting {
  const { world, plan, random, measures } = parts;
  const busTroubles: BusTrouble[] = [];
  const counts = new Map<Mishap['kind'], number>();
  /** What happens to one thing happens one after the other. */
  const turns = new Map<string, Promise<void>>();

  const inTurn = async (thing: string, work: () => Promise<void>): Promise<void> => {
    const turn = (turns.get(thing) ?? Promise.resolve()).then(work);
    turns.set(thing, turn);
    return turn;
  };

  function server(number: number): ServerSlot {
    const found = world.servers.find((slot) => slot.number === number);
    if (found === undefined) throw new Error(`there is no server ${number}`);
    return found;
  }

  async function troubleTheBus(work: () => Promise<void>): Promise<void> {
    const trouble: BusTrouble = { from: Date.now(), to: undefined };
    busTroubles.push(trouble);
    await work();
    trouble.to = Date.now();
  }

  async function harmClient(fault: Fault, forMs: number): Promise<void> {
    // One harm at a time: what ended another one would let bytes through behind those that were swallowed, and TCP, which
    // this stands for, never loses any in the middle.
    const connection = oneOf(world.front.connections().filter((each) => each.fault().kind === 'none'));
    if (connection === undefined) return;
    connection.suffer(fault);
    await delay(forMs);
    connection.suffer({ kind: 'none' });
    // What was swallowed is missing in the middle: such a connection is good for nothing more.
    if (fault.kind === 'black-hole') connection.cut();
  }

  async function killDatabase(): Promise<void> {
    measures.add('PostgreSQL is killed and accepts again', await world.database.kill());
    const upAt = performance.now();
    while (parts.lastAckAt() < upAt) await delay(POLL_MS);
    measures.add('PostgreSQL accepts and a send is acknowledged', parts.lastAckAt() - upAt);
  }

  async function happen(mishap: Mishap): Promise<void> {
    switch (mishap.kind) {
      case 'kill a server':
        return inTurn(`server ${mishap.number}`, async () => {
          await server(mishap.number).kill();
          await delay(mishap.downMs);
          await server(mishap.number).start();
        });
      case 'restart a server':
        return inTurn('restarts', async () => {
          measures.add('a server stops when asked to', 1000 * (await server(mishap.number).stop()));
          await server(mishap.number).start();
        });
      case 'kill PostgreSQL':
        return inTurn('PostgreSQL', killDatabase);
      case 'kill NATS':
        return inTurn('NATS', async () =>
          troubleTheBus(async () => {
            await world.nats.kill();
            await delay(mishap.downMs);
            await world.nats.start();
          }),
        );
      case 'swallow NATS for a server':
        return troubleTheBus(async () => swallowAll(server(mishap.number).bus, mishap.forMs));
      case 'swallow PostgreSQL for a server':
        return swallowAll(server(mishap.number).database, mishap.forMs);
      case 'cut a server from PostgreSQL':
        for (const connection of server(mishap.number).database.connections()) connection.cut();
        return undefined;
      case 'cut a client':
        oneOf(world.front.connections())?.cut();
        return undefined;
      case 'end a client':
        oneOf(world.front.connections())?.end();
        return undefined;
      case 'swallow a client':
        return harmClient({ kind: 'black-hole' }, mishap.forMs);
      case 'slow a client down':
        return harmClient({ kind: 'delay', ms: mishap.byMs }, mishap.forMs);
      case 'stop a reader':
        return harmClient({ kind: 'stopped-reader' }, mishap.forMs);
    }
  }

  const oneOf = <T>(things: readonly T[]): T | undefined => (things.length === 0 ? undefined : random.pick(things));

  async function run(): Promise<void> {
    const from = performance.now();
    const under: Promise<void>[] = [];
    for (const { at, mishap } of plan) {
      await delay(Math.max(0, at - (performance.now() - from)));
      under.push(happen(mishap).then(() => void counts.set(mishap.kind, (counts.get(mishap.kind) ?? 0) + 1)));
    }
    await Promise.all(under);
  }

  return { busTroubles, counts, done: run() };
}

/** Takes all that goes over a proxy, for a while, and ends those connections then: what was taken is missing in them. */
async function swallowAll(proxy: TcpProxy, forMs: number): Promise<void> {
  proxy.sufferFromNow({ kind: 'black-hole' });
  for (const connection of proxy.connections()) connection.suffer({ kind: 'black-hole' });
  await delay(forMs);
  proxy.sufferFromNow({ kind: 'none' });
  for (const connection of proxy.connections()) connection.cut();
}
