import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { StartupError } from '@beseda/server/startup-error.ts';
import { runWorkload } from './driver/run.ts';
import { HELP, readCommand } from './options.ts';
import { CORES, whyNotPinned } from './pinned.ts';
import { tableOf } from './table.ts';
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
  const { extent, only, json } = command;
  const obstacle = command.pin ? whyNotPinned() : undefined;
  if (obstacle !== undefined) note(`--pin: processes are not kept to processors, as ${obstacle}.`);
  const pin = command.pin && obstacle === undefined;
  const folder = await mkdtemp(join(tmpdir(), 'beseda-bench-'));
  const rows: Row[] = [];
  try {
    for (const { name, title } of workloads.filter((workload) => only.includes(workload.name))) {
      note(`… ${title}`);
      const order = { workload: name, extent, serverCore: pin ? CORES.server : null, folder };
      rows.push(...(await runWorkload(order, pin ? CORES.driver : undefined, (step) => note(`  … ${step}`))));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  print(json ? JSON.stringify({ rows }, undefined, 2) : tableOf(rows));
  return rows.some(({ rounds }) => rounds.some(({ faults }) => faults.length > 0)) ? 1 : 0;
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
