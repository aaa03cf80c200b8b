import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StartupError } from '@beseda/server/startup-error.ts';

const PROGRAM = fileURLToPath(new URL('../packages/server/bin/beseda.mjs', import.meta.url));

/** Lines that are kept to tell why a server ended. */
const KEPT_LINES = 20;

/** A server in a process of its own. */
export interface NodeProcess {
  pid: number;
  /** Where it answers, e.g. `http://127.0.0.1:40123`. */
  url: string;
  signal: (name: NodeJS.Signals) => void;
  /** Settles when it has ended. */
  ended: Promise<void>;
}

export interface NodeOptions {
  /** Its settings; nothing else of this process's environment reaches it. */
  environment: Record<string, string>;
  /** Where it runs. */
  directory: string;
  /** Each line that it prints or logs. */
  hear: (line: string) => void;
  /** What to run instead of the product's own program. */
  program?: string;
}

/**
 * Starts a server; settles when it listens. It ends when this process does.
 *
 * @throws StartupError with what it said when it ends before.
 */
export async function startNode({ environment, directory, hear, program }: NodeOptions): Promise<NodeProcess> {
  const child = spawn(process.execPath, program === undefined ? [PROGRAM, 'start'] : [program], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      // Makes it look whether its parent is still there.
      npm_lifecycle_event: 'cluster',
      ...environment,
    },
    // Not in this process's group: Ctrl-C is this process's to hear, which then stops the servers in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(() => undefined);
  const lines: string[] = [];
  const address = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      const found = /^Beseda is at (\S+)/.exec(line)?.[1];
      if (found !== undefined) address.resolve(found);
      hear(line);
    });
  }
  void ended.then(() => address.reject(new StartupError(`A server ended before it listened:\n${lines.join('\n')}`)));
  return { url: await address.promise, pid: child.pid ?? 0, signal: (name) => void child.kill(name), ended };
}
