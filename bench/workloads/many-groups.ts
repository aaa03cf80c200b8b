import process from 'node:process';
import { closeSockets, openSockets, quiet } from '../driver/audience.ts';
import { crowdWriting, type Circle, type Crowd } from '../driver/crowd.ts';
import { insertGroups } from '../driver/groups.ts';
import { DRIVER, measureRound } from '../driver/measure.ts';
import { signInPeople } from '../driver/people.ts';
import type { Target } from '../driver/target.ts';
import { randomFrom } from '../random.ts';
import type { Context, Round, Workload } from '../workload.ts';

const PEOPLE = 1000;

/** Each person is in one of the small groups and in two of the large: 200 groups of 5 and 20 of 100. */
const SMALL = 5;
const LARGE = 100;

const TEXT_BYTES = 128;
const SEED = 6;

/** What the slowest of a hundred messages may take, in milliseconds. */
const P99_MS = 50;

/** Messages a second at which the search begins. */
const FIRST_RATE = 250;

/** How near the rate is found: the next one that failed is at most so many times as high. */
const NEAR = 1.08;

/** Part of the asked rate that a driver must have sent: one that is late says nothing of the server. */
const KEPT_UP = 0.9;

const STEP_S = 3;
const RAMP_MS = 500;

/** Many groups, in which people write at random: how much of it before it is felt. */
export const manyGroups: Workload = {
  name: 'w6',
  title: `W6 many groups: the highest rate with p99 under ${P99_MS} ms`,
  async run(context) {
    const { quick } = context.extent;
    const target = await context.startServer();
    const count = quick ? LARGE : PEOPLE;
    context.tell(`${count} people sign in`);
    const crowd = await gather(target, count);
    context.tell(`who writes where and when is drawn from seed ${SEED}`);
    const rate = quick ? FIRST_RATE : await highestRate(context, target, crowd);
    const row = {
      name: `W6 ${count} online in ${crowd.circles.length} groups, the highest rate with p99 < ${P99_MS} ms`,
      headline: ['sent/s', 'p50 ms', 'p99 ms', 'delivered/s'],
    };
    const measured = await context.measure(row, target, () => crowdWriting(crowd, rate));
    closeSockets(crowd.sockets);
    return [measured];
  },
};

async function gather(target: Target, count: number): Promise<Crowd> {
  const people = await signInPeople(target, count);
  const lists = placesOf(count);
  const database = await target.database();
  const chatIds = await insertGroups(
    database,
    lists.map((places) => places.map((place) => people[place]?.id ?? 0)),
  );
  const sockets = await openSockets(
    target.url,
    'main',
    people.map((person) => ({ person, chatId: 0 })),
  );
  await quiet(sockets);
  const circles = lists.map((places, index): Circle => ({
    chatId: chatIds[index] ?? 0,
    sockets: places.flatMap((place) => sockets[place] ?? []),
  }));
  return { sockets, circles, textBytes: TEXT_BYTES, random: randomFrom(SEED) };
}

/**
 * The members of each group by their places: neighbours are together in a small and a large one, others in another
 * large one.
 */
function placesOf(count: number): number[][] {
  const all = Array.from({ length: count }, (_, place) => place);
  const large = count / LARGE;
  return [
    ...Map.groupBy(all, (place) => Math.floor(place / SMALL)).values(),
    ...Map.groupBy(all, (place) => Math.floor(place / LARGE)).values(),
    ...Map.groupBy(all, (place) => place % large).values(),
  ];
}

/** Doubles the rate until it is too high, then halves what lies between. */
async function highestRate(context: Context, target: Target, crowd: Crowd): Promise<number> {
  // Code is compiled and caches get their size before it counts.
  await isBearable(context, target, crowd, FIRST_RATE);
  let [good, bad] = [FIRST_RATE, Number.POSITIVE_INFINITY];
  for (
    let rate = FIRST_RATE;
    bad / good > NEAR;
    rate = bad === Number.POSITIVE_INFINITY ? good * 2 : (good + bad) / 2
  ) {
    // One that fails is tried again: a checkpoint, or another process, is not what is looked for.
    const fine = (await isBearable(context, target, crowd, rate)) || (await isBearable(context, target, crowd, rate));
    if (fine) good = rate;
    else bad = rate;
    // Not even the first one is: there is nothing below it to look for.
    if (bad <= good) break;
  }
  return good;
}

async function isBearable(context: Context, target: Target, crowd: Crowd, rate: number): Promise<boolean> {
  const parts = { ...target.parts(), [DRIVER]: [process.pid] };
  const round = await measureRound(STEP_S, RAMP_MS, parts, crowdWriting(crowd, rate));
  const fine = isFine(round, rate);
  context.tell(`${Math.round(rate)} messages/s: ${fine ? 'fine' : 'too many'} (${described(round)})`);
  await quiet(crowd.sockets);
  return fine;
}

function isFine({ figures, faults }: Round, rate: number): boolean {
  const p99 = figures['p99 ms'] ?? Number.POSITIVE_INFINITY;
  return faults.length === 0 && p99 < P99_MS && (figures['sent/s'] ?? 0) > rate * KEPT_UP;
}

function described({ figures, faults }: Round): string {
  return faults.length > 0 ? faults.join('; ') : `p99 ${(figures['p99 ms'] ?? Number.NaN).toFixed(1)} ms`;
}
