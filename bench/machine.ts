import { execFileSync } from 'node:child_process';
import { cpus, totalmem, type as systemName, release } from 'node:os';
import process from 'node:process';

/** What figures depend on besides the server. */
export interface Machine {
  processor: string;
  processors: number;
  memoryGiB: number;
  system: string;
  node: string;
  /** Of the server that was started last; undefined where none was. */
  postgres: string | undefined;
  /** Of the working tree, where it is one. */
  commit: string | undefined;
  /** Whether server and driver were kept to processors of their own. */
  pinned: boolean;
}

export function describeMachine(postgres: string | undefined, pinned: boolean): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${systemName()} ${release()}`,
    node: process.versions.node,
    postgres,
    commit: commit(),
    pinned,
  };
}

function commit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // No working tree, or no git.
    return undefined;
  }
}
