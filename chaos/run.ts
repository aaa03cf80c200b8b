import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '@beseda/server/startup-error.ts';
import { seededRandom } from '../packages/server/testing/random.ts';
import { areCaughtUp, checkStates } from './checks/state-check.ts';
import { checkLedger } from './checks/ledger-check.ts';
import { gatherCrowd, type Crowd } from './crowd.ts';
import { inflict, type BusTrouble } from './faults/inflict.ts';
import { planMishaps } from './faults/timeline.ts';
import { createFindings } from './findings.ts';
import { act } from './load/actor.ts';
import { createLedger, type Ledger } from './load/ledger.ts';
import { actByLibrary, closeLibraryBooks } from './load/library-actor.ts';
import { removeMembers } from './load/removals.ts';
import { createFence, revokeSessions } from './load/revocations.ts';
import { createMeasures } from './measures.ts';
import type { ChaosOptions } from './options.ts';
import { chatIdsOf, makeTown, type Town } from './people.ts';
import { createRest } from './rest.ts';
import type { Report } from './table.ts';
import { startWorld, type World, type WorldParts } from './world/world.ts';

export interface RunParts extends Pick<WorldParts, 'natsProgram' | 'folder' | 'program' | 'tell'> {
  options: ChaosOptions;
  /** Ends the run before its time, with nothing left running. */
  asked?: AbortSignal;
}

/** How long everyone may take to catch up once all is whole again; past it the difference is a finding. */
const SETTLE_MS = 60_000;
const POLL_MS = 200;

/**
 * A whole run: a world, load, mishaps, then peace and the reckoning.
 *
 * @throws StartupError when it is asked to end before.
 */
export async function runChaos(parts: RunParts): Promise<Report> {
  const world = await startWorld({ ...parts, nodes: parts.options.nodes });
  const over = new AbortController();
  const interruption = Promise.withResolvers<never>();
  parts.asked?.addEventListener('abort', () => interruption.reject(new StartupError('Stopped before the end.')));
  try {
    if (parts.asked?.aborted === true) throw new StartupError('Stopped before the end.');
    return await Promise.race([runIn(world, parts, over.signal), interruption.promise]);
  } finally {
    over.abort();
    await world.stop();
  }
}

/** @param over ends everything that still goes on. */
async function runIn(world: World, { options, tell }: RunParts, over: AbortSignal): Promise<Report> {
  const random = seededRandom(options.seed, `--seed ${options.seed}`);
  const [findings, measures, ledger] = [createFindings(), createMeasures(), createLedger()];
  const rest = createRest(() => world.url, over);
  const town = await makeTown(rest, random, options.users, options.chats);
  let troubles: readonly BusTrouble[] = [];
  const fence = createFence(findings, () => troubles);
  const crowd = await gatherCrowd({ accounts: town.accounts, url: world.url, rest, findings, measures, fence });
  over.addEventListener('abort', () => crowd.stop());

  tell(`${options.users} users are in; for ${options.minutes} minutes everything goes wrong …`);
  const ended = new AbortController();
  const lengthMs = options.minutes * 60_000;
  const inflicted = inflict({
    world,
    plan: planMishaps(options, random),
    random,
    measures,
    lastAckAt: () => ledger.lastAckAt,
  });
  troubles = inflicted.busTroubles;
  const shared = { rest, findings, random, ledger, ended: ended.signal };
  const acting = [
    ...[...crowd.first].map(async ([account, device]) =>
      act({ ...shared, device, chatIds: chatIdsOf(town, account), pauseMs: options.pauseMs }),
    ),
    ...crowd.libraryDevices.map(async (device) =>
      actByLibrary({ ...shared, device, chatIds: chatIdsOf(town, device.account), pauseMs: 2 * options.pauseMs }),
    ),
  ];
  const removing = removeMembers({
    ...shared,
    groups: groupsOf(town, crowd),
    database: world.database,
    count: options.removals,
    lengthMs,
  });
  const revoking = revokeSessions({ ...shared, pairs: crowd.pairs, fence, count: options.revocations, lengthMs });
  await delay(lengthMs, undefined, { signal: over });
  await inflicted.done;
  ended.abort();
  tell('Peace. What is under way is finished …');
  const [removals, revocations] = await Promise.all([removing, revoking]);
  await Promise.all(acting);

  const settling = performance.now();
  while (!(await isSettled(world, town, crowd)) && performance.now() - settling < SETTLE_MS) await delay(POLL_MS);
  measures.add('all devices have caught up after peace', performance.now() - settling);
  await Promise.all(crowd.devices.map(async (one) => one.filled()));
  for (const one of crowd.libraryDevices) {
    const { name } = one.client.state;
    if (name !== 'live') findings.report('error', `${one.name} is ${name} in the end`);
    closeLibraryBooks(one, chatIdsOf(town, one.account), ledger);
  }
  await checkStates(world.database, rest, crowd.devices, crowd.libraryDevices, findings);
  await checkLedger(world.database, ledger, findings);
  const devices = crowd.devices.length + crowd.libraryDevices.length;
  return {
    title: `Chaos with --seed ${options.seed}: ${options.minutes} minutes, ${options.nodes} servers, ${devices} devices`,
    done: [
      ...inflicted.counts,
      ['members removed and let in again', removals],
      ['sessions revoked', revocations],
      ...countsOf(ledger),
      ['errors that servers logged', world.servers.reduce((sum, server) => sum + server.errors(), 0)],
    ],
    findings,
    measures,
  };
}

async function isSettled(world: World, town: Town, { devices, libraryDevices }: Crowd): Promise<boolean> {
  return (
    libraryDevices.every((one) => one.isSettled(chatIdsOf(town, one.account))) &&
    (await areCaughtUp(world.database, devices))
  );
}

function groupsOf(town: Town, { devices, first }: Crowd): Parameters<typeof removeMembers>[0]['groups'] {
  return town.groups.flatMap(({ chatId, creator, others }) => {
    const device = first.get(creator);
    const theirs = others.map((account) => devices.filter((one) => one.account === account));
    return device === undefined ? [] : [{ chatId, creator: device, others: theirs }];
  });
}

function countsOf(ledger: Ledger): Report['done'] {
  return [
    ['messages acknowledged', [...ledger.sends.values()].filter(({ acked }) => acked !== undefined).length],
    ['edits and deletions acknowledged', ledger.changes.filter(({ acked }) => acked).length],
    ['refusals as by the rules', [...ledger.refusals.values()].reduce((sum, count) => sum + count, 0)],
    ['REST requests that were not answered', ledger.asksAgain.unanswered],
    ['answers “not now”', ledger.asksAgain.notNow],
  ];
}
