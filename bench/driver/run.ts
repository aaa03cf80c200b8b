import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Value } from 'typebox/value';
import { pinned, type Core } from '../pinned.ts';
import type { Row } from '../workload.ts';
import { Report, type Order } from './messages.ts';

const PROGRAM = fileURLToPath(new URL('main.ts', import.meta.url));

export interface Result {
  rows: Row[];
  /** Version of the PostgreSQL that was measured; undefined where no server was started. */
  postgres?: string;
}

/**
 * Runs one workload in a process of its own.
 *
 * @param options.tell hears what is done.
 * @param options.asked aborts when the run is to end before.
 * @throws Error with what the process said when it could not.
 */
export async function runWorkload(
  order: Order,
  { core, tell, asked }: { core: Core; tell: (step: string) => void; asked: AbortSignal },
): Promise<Result> {
  const { program, args } = pinned(core, [PROGRAM]);
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    let result: Exclude<Report, { step: string }> | undefined;
    child.once('error', reject);
    child.on('message', (message) => {
      const report = Value.Parse(Report, message);
      if ('step' in report) tell(report.step);
      else result = report;
    });
    // Once it has ended, nothing of it is left to disturb the next.
    child.once('exit', (code, signal) => {
      if (result === undefined) reject(new Error(`the driver of ${order.workload} ended: ${code ?? signal}`));
      else if ('rows' in result) resolve(result);
      else reject(new Error(result.failure));
    });
    asked.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    child.send(order);
  });
}
