import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import process from 'node:process';

/** Processors that processes are kept to, by number; undefined: the system chooses. */
export type Core = number | undefined;

/** The server and PostgreSQL share one processor, the driver has another, so that neither takes the other's time. */
export const CORES = { server: 0, driver: 1 } as const;

/** What of Node's `spawn` starts a program of ours on a processor, and what it starts keeps to it. */
export function pinned(core: Core, args: readonly string[]): { program: string; args: string[] } {
  if (core === undefined) return { program: process.execPath, args: [...args] };
  return { program: 'taskset', args: ['-c', String(core), process.execPath, ...args] };
}

/** Why processes cannot be kept to a processor here; undefined: they can. */
export function whyNotPinned(): string | undefined {
  if (availableParallelism() < 2) return 'there is one processor only';
  if (spawnSync('taskset', ['-c', `${CORES.server},${CORES.driver}`, 'true']).status !== 0) {
    return 'there is no taskset (util-linux) that does it';
  }
  return undefined;
}
