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

function contextOf({ extent, serverCore, folder }: Order, started: Target[]): Context {
  const core = serverCore ?? undefined;
  return {
    extent,
    folder,
    serverCore: core,
    async startServer(options = {}) {
      const target = await startTarget({ ...options, port: 0, core, folder });
      started.push(target);
      return target;
    },
    measure: async (row, measured, makeLoad) => ({ ...row, rounds: await measureRounds(extent, measured, makeLoad) }),
    tell: (step) => report({ step }),
  };
}

// Without the process that wants to hear of it, there is nothing to measure.
const leave = (): never => process.exit(1);
process.once('disconnect', leave);

const started: Target[] = [];
const [message] = await once(process, 'message');
try {
  const order = Value.Parse(Order, message);
  const workload = workloads.find(({ name }) => name === order.workload);
  if (workload === undefined) throw new Error(`there is no workload ${order.workload}`);
  report({ rows: await workload.run(contextOf(order, started)) });
} catch (error) {
  report({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
} finally {
  for (const target of started) await target.stop();
}
process.off('disconnect', leave);
process.disconnect();
