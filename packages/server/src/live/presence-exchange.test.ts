import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryNetwork } from '../bus/memory.ts';
import type { Bus } from '../bus/bus.ts';
import { createBusMessages } from './bus-messages.ts';
import { createOnlineUsers, type OnlineUsers } from './online-users.ts';
import { createPresenceExchange, SILENCE_MS, type PresenceExchange } from './presence-exchange.ts';

const USERS = [1, 2, 3, 4, 5, 6];

const once = (): number => 1;

interface TestNode {
  id: string;
  online: OnlineUsers;
  exchange: PresenceExchange;
  /** Who is really there. */
  truth: Set<number>;
  /** What was said of each user last, by those who follow `changed` alone. */
  said: Map<number, boolean>;
  lost: number[];
  die: () => Promise<void>;
}

/** Some of what is sent is lost, and some comes twice. */
function lossy(bus: Bus, times: () => number): Bus {
  return {
    ...bus,
    publish(subject, payload) {
      for (let left = times(); left > 0; left -= 1) bus.publish(subject, payload);
    },
  };
}

interface World {
  nodes: Set<TestNode>;
  start: () => TestNode;
  /** Ends the turn, and lets all that is said be heard. */
  settle: () => Promise<void>;
  /** Lets time pass, and the nodes say how far they are. */
  beat: (times: number) => Promise<void>;
}

/** @param times how often the next thing that is said is heard. */
function world(times: () => number): World {
  const network = createMemoryNetwork();
  const nodes = new Set<TestNode>();
  const time = { ms: 0 };
  let turn: (() => void)[] = [];

  async function settle(): Promise<void> {
    const acts = turn;
    turn = [];
    for (const act of acts) act();
    for (let hop = 0; hop < 10; hop += 1) await Promise.resolve();
  }

  return {
    nodes,
    settle,
    start() {
      const id = randomUUID();
      const bus = network.connect();
      const said = new Map<number, boolean>();
      const lost: number[] = [];
      const online: OnlineUsers = createOnlineUsers((userId) => said.set(userId, online.isOnline(userId)));
      const exchange = createPresenceExchange({
        id,
        messages: createBusMessages(lossy(bus, times), (error) => {
          throw error;
        }),
        online,
        elapsed: () => time.ms,
        now: () => time.ms,
        afterTurn: (act) => void turn.push(act),
        onDecided: () => {},
        onLost: (userIds) => void lost.push(...userIds),
      });
      const node: TestNode = {
        id,
        online,
        exchange,
        truth: new Set(),
        said,
        lost,
        async die() {
          nodes.delete(node);
          exchange.stop();
          await bus.close();
        },
      };
      nodes.add(node);
      return node;
    },
    async beat(count) {
      for (let beat = 0; beat < count; beat += 1) {
        time.ms += 5000;
        for (const { exchange } of nodes) exchange.beat();
        await settle();
      }
    },
  };
}

type Step =
  | { kind: 'come' | 'go'; node: number; user: number }
  | { kind: 'start' }
  | { kind: 'die'; node: number }
  | { kind: 'turn' }
  | { kind: 'beat' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('come', 'go'), node: fc.nat(5), user: fc.constantFrom(...USERS) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'start' } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), node: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'turn' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'beat' } as const) },
);

describe('PR6 who is online, over all nodes', () => {
  test('PR6 whatever comes, goes, dies and is lost: when the bus works again, all nodes know the truth', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60 }),
        fc.infiniteStream(fc.constantFrom(0, 0, 1, 1, 2)),
        async (steps, losses) => {
          let troubled = true;
          const { nodes, start, settle, beat } = world(() => (troubled ? Number(losses.next().value) : 1));
          start();
          start();
          for (const one of steps) {
            const node = 'node' in one ? [...nodes][one.node % nodes.size] : undefined;
            switch (one.kind) {
              case 'come':
              case 'go': {
                const isThere = node?.truth.has(one.user) === true;
                if (node === undefined || isThere === (one.kind === 'come')) break;
                if (one.kind === 'come') {
                  node.truth.add(one.user);
                  node.exchange.came(one.user);
                } else {
                  node.truth.delete(one.user);
                  node.exchange.went(one.user, 1);
                }
                break;
              }
              case 'start':
                start();
                break;
              case 'die':
                if (nodes.size > 1) await node?.die();
                break;
              case 'turn':
                await settle();
                break;
              case 'beat':
                await beat(1);
            }
          }
          troubled = false;
          await settle();
          await beat(SILENCE_MS / 5000 + 1);
          const isThere = (userId: number): boolean => [...nodes].some(({ truth }) => truth.has(userId));
          for (const { online, said } of nodes) {
            expect(USERS.filter(online.isOnline)).toEqual(USERS.filter(isThere));
            expect(USERS.filter((userId) => said.get(userId) === true)).toEqual(USERS.filter(online.isOnline));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('PR6 a node that starts learns from the others as soon as it hears of them, in parts', async () => {
    const { start, settle } = world(once);
    const old = start();
    for (let userId = 1; userId <= 25_000; userId += 1) old.exchange.came(userId);
    await settle();
    const young = start();
    young.exchange.heard(old.id);
    await settle();
    expect(young.online.at(old.id).size).toBe(25_000);
  });

  test('PR6 the users of a node that is gone are offline, but for those who are elsewhere, and it is told who they were', async () => {
    const { start, settle } = world(once);
    const [one, other, third] = [start(), start(), start()];
    for (const node of [other, third]) node.exchange.heard(one.id);
    one.exchange.heard(other.id);
    third.exchange.heard(other.id);
    await settle();
    for (const userId of [1, 2, 3]) one.exchange.came(userId);
    other.exchange.came(3);
    await settle();
    expect(USERS.filter(third.online.isOnline)).toEqual([1, 2, 3]);
    await one.die();
    third.exchange.gone(one.id);
    expect(USERS.filter(third.online.isOnline)).toEqual([3]);
    expect(third.lost).toEqual([1, 2]);
  });

  test('PR6 a node that has been silent for 30 s is taken for gone', async () => {
    const { start, settle, beat } = world(once);
    const [one, other] = [start(), start()];
    other.exchange.heard(one.id);
    await settle();
    one.exchange.came(1);
    await settle();
    expect(other.online.isOnline(1)).toBe(true);
    await one.die();
    await beat(5);
    expect(other.online.isOnline(1)).toBe(true);
    await beat(1);
    expect(other.online.isOnline(1)).toBe(false);
  });
});
