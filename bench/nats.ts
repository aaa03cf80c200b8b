import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../cluster/find-program.ts';
import { startNatsServer, type NatsServer } from '../cluster/nats-server.ts';
import type { Core } from './pinned.ts';
import { descendants } from './processes.ts';

/** Where the tests keep the program that they fetch where there is none on the PATH. */
const FETCHED = fileURLToPath(new URL('../node_modules/.cache/beseda', import.meta.url));

/** A NATS server between servers that are measured. */
export interface Nats {
  server: NatsServer;
  /** Its processes. */
  pids: readonly number[];
}

/**
 * Starts one on the servers' processor.
 *
 * @param folder for its log.
 * @returns undefined where there is no `nats-server`.
 */
export async function startNats(core: Core, folder: string): Promise<Nats | undefined> {
  const program = findProgram('nats-server', `${process.env['PATH'] ?? ''}${delimiter}${FETCHED}`);
  if (program === undefined) return undefined;
  const others = new Set(descendants(process.pid));
  const server = await startNatsServer({ program, folder });
  const pids = descendants(process.pid).filter((pid) => !others.has(pid));
  // It was started from here, and so where the driver is; `-a`: its threads too.
  if (core !== undefined) for (const pid of pids) spawnSync('taskset', ['-a', '-p', '-c', String(core), String(pid)]);
  return { server, pids };
}
