import { once } from 'node:events';
import process from 'node:process';
import { Value } from 'typebox/value';
import type { Context } from '../workload.ts';
import { workloads } from '../workloads/index.ts';
import { measureRounds } from './measure.ts';
import { Order, type Report } from './messages.ts';
import { startTarget, type Target } from './target.ts';

// Runs one workload in a process of its own: it makes the load, so that its work is told from the server's.

function report(message: Report): void {
  process.send?.(message);
}

function contextOf({ extent, serverCore, folder }: Order, started: Promise<Target>[]): Context {
  const core = serverCore ?? undefined;
  return {
    extent,
    folder,
    serverCore: core,
    async startServer(options = {}) {
      const starting = startTarget({ ...options, port: 0, core, folder });
      started.push(starting);
      const target = await starting;
      postgres ??= await versionOf(target);
      return target;
    },
    measure: async (row, measured, makeLoad) => ({ ...row, rounds: await measureRounds(extent, measured, makeLoad) }),
    tell: (step) => report({ step }),
  };
}

async function versionOf(target: Target): Promise<string | undefined> {
  const { rows } = await (await target.database()).query<{ server_version: string }>('SHOW server_version');
  return rows[0]?.server_version;
}

const started: Promise<Target>[] = [];
let postgres: string | undefined;

async function stopServers(): Promise<void> {
  // Those that could not start have nothing to stop; that is told where they are awaited.
  const targets = await Promise.allSettled(started);
  for (const target of targets) if (target.status === 'fulfilled') await target.value.stop();
}

// Without the process that wants to hear of it there is nothing to measure, nor where someone has had enough.
const leave = (): void => void stopServers().finally(() => process.exit(1));
process.once('disconnect', leave);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);

const [message] = await once(process, 'message');
try {
  const order = Value.Parse(Order, message);
  const workload = workloads.find(({ name }) => name === order.workload);
  if (workload === undefined) throw new Error(`there is no workload ${order.workload}`);
  report({ rows: await workload.run(contextOf(order, started)), ...(postgres === undefined ? {} : { postgres }) });
} catch (error) {
  report({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
} finally {
  await stopServers();
}
process.off('disconnect', leave);
process.disconnect();
