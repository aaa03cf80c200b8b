import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startNode, type NodeProcess } from '../../cluster/node-process.ts';
import type { TcpProxy } from '../../cluster/tcp-proxy.ts';

/** A place for one server, which is started again each time it is killed. */
export interface ServerSlot {
  readonly number: number;
  /** Between this server and PostgreSQL. */
  readonly database: TcpProxy;
  /** Between this server and NATS. */
  readonly bus: TcpProxy;
  /** Undefined while it is down. */
  process(): NodeProcess | undefined;
  start(): Promise<void>;
  /** `kill -9`; settles when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; settles with the seconds it took. */
  stop(): Promise<number>;
  /** Lines that it logged as errors, over all its lives. */
  errors(): number;
}

export interface ServerSlotParts {
  number: number;
  database: TcpProxy;
  bus: TcpProxy;
  environment: Record<string, string>;
  /** For its log, and where it runs. */
  folder: string;
  /** What to run instead of the product. */
  program?: string | undefined;
}

/** A server cannot start while its database is down: it is tried again. */
const RETRY_MS = 200;

export function createServerSlot(parts: ServerSlotParts): ServerSlot {
  const { number, folder, environment, program } = parts;
  const log = join(folder, `server-${number}.log`);
  let current: NodeProcess | undefined;
  let errors = 0;

  function hear(line: string): void {
    appendFileSync(log, `${line}\n`);
    if (/^\{"level":"(error|fatal)"/.test(line)) errors += 1;
  }

  /** Aborted when it is not wanted to run any more. */
  let wanted = new AbortController();

  async function end(signal: NodeJS.Signals): Promise<void> {
    wanted.abort();
    const process = current;
    process?.signal(signal);
    await process?.ended;
    if (current === process) current = undefined;
  }

  async function forget(started: NodeProcess): Promise<void> {
    await started.ended;
    if (current === started) current = undefined;
  }

  return {
    number,
    database: parts.database,
    bus: parts.bus,
    process: () => current,
    async start() {
      wanted = new AbortController();
      const { signal } = wanted;
      while (!signal.aborted && current === undefined) {
        try {
          const started = await startNode({
            environment,
            directory: folder,
            hear,
            ...(program === undefined ? {} : { program }),
          });
          current = started;
          void forget(started);
        } catch (error) {
          hear(String(error));
          await delay(RETRY_MS);
        }
      }
    },
    kill: async () => end('SIGKILL'),
    async stop() {
      const from = performance.now();
      await end('SIGTERM');
      return (performance.now() - from) / 1000;
    },
    errors: () => errors,
  };
}
