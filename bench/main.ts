import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { StartupError } from '@beseda/server/startup-error.ts';
import { runWorkload } from './driver/run.ts';
import { describeMachine, type Machine } from './machine.ts';
import { HELP, readCommand } from './options.ts';
import { CORES, whyNotPinned } from './pinned.ts';
import { tableOf } from './table.ts';
import { benchWeb } from './web-bench.ts';
import { webExtents } from './web-extents.ts';
import { webRows } from './web-rows.ts';
import type { Row } from './workload.ts';
import { workloads } from './workloads/index.ts';

// How fast the server is. See README.md.

async function main(): Promise<number> {
  const command = readCommand(
    process.argv.slice(2),
    workloads.map(({ name }) => name),
  );
  if (command.kind === 'help') {
    print(HELP);
    return 0;
  }
  const { extent, only, json, web } = command;
  const obstacle = command.pin ? whyNotPinned() : undefined;
  if (obstacle !== undefined) note(`--pin: processes are not kept to processors, as ${obstacle}.`);
  const pin = command.pin && obstacle === undefined;
  const folder = await mkdtemp(join(tmpdir(), 'beseda-bench-'));
  const asked = askedToEnd();
  const rows: Row[] = [];
  let postgres: string | undefined;
  try {
    for (const { name, title } of workloads.filter((workload) => only.includes(workload.name))) {
      note(`… ${title}`);
      const order = { workload: name, extent, serverCore: pin ? CORES.server : null, folder };
      const result = await runWorkload(order, {
        core: pin ? CORES.driver : undefined,
        tell: (step) => note(`  … ${step}`),
        asked,
      });
      rows.push(...result.rows);
      postgres = result.postgres ?? postgres;
    }
    if (web) {
      const { measures } = await benchWeb(0, extent.quick ? webExtents.quick : webExtents.full, note);
      rows.push(...webRows(measures));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const machine = describeMachine(postgres, pin);
  print(json ? JSON.stringify({ machine, extent, rows }, undefined, 2) : `${lineOf(machine)}\n\n${tableOf(rows)}`);
  return rows.some(({ rounds }) => rounds.some(({ faults }) => faults.length > 0)) ? 1 : 0;
}

function lineOf({ processor, processors, node, postgres, commit, pinned }: Machine): string {
  const parts = [
    `${processors} × ${processor}`,
    `Node ${node}`,
    ...(postgres === undefined ? [] : [`PostgreSQL ${postgres}`]),
    ...(commit === undefined ? [] : [commit.slice(0, 12)]),
    pinned ? 'server and PostgreSQL on one processor, driver on another' : 'not pinned',
  ];
  return parts.join(' · ');
}

/** Aborts at a signal that asks the process to end: what was started ends first, and leaves nothing behind. */
function askedToEnd(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => asked.abort());
  return asked.signal;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What is said on the way is not part of the result. */
function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  const text = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
