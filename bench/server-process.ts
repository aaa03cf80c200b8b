import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pinned, type Core } from './pinned.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface ServerProcess {
  url: string;
  pid: number;
  /** Its data folder. */
  dataDir: string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** 0: any that is free. */
  port: number;
  /** Of Node for it. */
  flags?: readonly string[];
  core?: Core;
  /** Settings besides those that every server here gets. */
  environment?: Readonly<Record<string, string>>;
  /** Where its data folder is made. */
  folder?: string;
}

/** Those of `npm start`. */
const FLAGS = ['--max-semi-space-size=4'];

/** A server in a process of its own, with the embedded database in a fresh folder that goes when it stops. */
export async function startServerProcess(options: ServerOptions): Promise<ServerProcess> {
  const { port, flags = [], core, environment = {}, folder = tmpdir() } = options;
  const dataDir = await mkdtemp(join(folder, 'beseda-bench-'));
  const { program, args } = pinned(core, [...FLAGS, ...flags, join(ROOT, 'packages/server/src/main.ts'), 'start']);
  const child = spawn(program, args, {
    cwd: dataDir,
    env: {
      // No setting of whoever measures: they would measure another server.
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      // Makes it look whether its parent is still there.
      npm_lifecycle_event: 'bench',
      DATA_DIR: dataDir,
      PORT: String(port),
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /Beseda is at (\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  return {
    url,
    pid: child.pid ?? 0,
    dataDir,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
