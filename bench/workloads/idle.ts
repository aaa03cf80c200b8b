import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeSockets, openSockets, quiet, takeFaults } from '../driver/audience.ts';
import { makeGroups, signInPeople } from '../driver/people.ts';
import type { Socket } from '../driver/socket.ts';
import { memoryOf } from '../processes.ts';
import type { Context, Round, Row, Workload } from '../workload.ts';

const PEOPLE = 1200;
const GROUP = 50;

/**
 * As the peers of a comparison are measured: so many sockets are there, so many more come, and what garbage there is
 * counts.
 */
const AS_IT_IS = { first: 200, more: 1000, keepFirst: true, collecting: false };

/** What sockets hold: what the first ones cost once is paid by some that have gone, and garbage does not count. */
const COLLECTED = { first: 500, more: 5000, keepFirst: false, collecting: true };

/** Milliseconds until a server has done what it puts off, and given back what it collected. */
const SETTLING_MS = 2000;

const COLLECT = new URL('../collect.ts', import.meta.url).href;

/** Memory of sockets that have signed in and synced and say nothing, each of a person in one group of 50. */
export const idle: Workload = {
  name: 'w5',
  title: 'W5 idle sockets: memory of each',
  async run(context) {
    const { rounds, quick } = context.extent;
    const rows: Row[] = [];
    for (const growth of [AS_IT_IS, COLLECTED]) {
      const amounts = quick ? { ...growth, first: 10, more: 50 } : growth;
      const done: Round[] = [];
      // Each on a server of its own: one keeps the room that sockets have taken once.
      while (done.length < rounds) done.push(await grow(context, amounts));
      const how = growth.collecting ? 'garbage collected' : 'as it is';
      rows.push({ name: `W5 ${amounts.more} idle sockets, ${how}`, headline: ['KiB a socket'], rounds: done });
    }
    return rows;
  },
};

/** By how many KiB the server grows with each of the sockets that are measured. */
async function grow(context: Context, { first, more, keepFirst, collecting }: typeof AS_IT_IS): Promise<Round> {
  const { door, quick } = context.extent;
  const group = quick ? 10 : GROUP;
  const target = await context.startServer({ flags: ['--expose-gc', '--import', COLLECT] });
  const people = await signInPeople(target, quick ? 60 : PEOPLE);
  const groups = Array.from({ length: people.length / group }, (_, index) =>
    people.slice(index * group, (index + 1) * group),
  );
  const chatIds = await makeGroups(target.url, groups);
  let next = 0;
  const openMore = async (count: number): Promise<Socket[]> => {
    const listeners = Array.from({ length: count }, () => {
      const index = next++ % people.length;
      return { person: people[index] ?? { id: 0, token: '' }, chatId: chatIds[Math.floor(index / group)] ?? 0 };
    });
    const opened = await openSockets(target.url, door, listeners);
    await quiet(opened);
    return opened;
  };
  const memory = async (): Promise<number> => {
    // bench/collect.ts makes the server collect its garbage.
    if (collecting) process.kill(target.pid, 'SIGUSR2');
    await sleep(quick ? 0 : SETTLING_MS);
    return memoryOf([target.pid]) ?? Number.NaN;
  };
  const sockets = await openMore(first);
  if (!keepFirst) closeSockets(sockets);
  const before = await memory();
  sockets.push(...(await openMore(more)));
  const after = await memory();
  const faults = takeFaults(sockets);
  closeSockets(sockets);
  await target.stop();
  if (Number.isNaN(before)) return { figures: {}, faults: ['the memory of a process is only known on Linux'] };
  return { figures: { 'KiB a socket': (after - before) / more }, faults };
}
