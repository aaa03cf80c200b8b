import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { inject } from 'vitest';
import { startNatsServer as start, type NatsServer } from '../../../cluster/nats-server.ts';

export type { NatsServer } from '../../../cluster/nats-server.ts';

/**
 * Whether tests that need a NATS server are left out, for `describe.skipIf`. The run's beginning has printed why.
 */
export function lacksNats(): boolean {
  return inject('nats').program === undefined;
}

/** Starts a real NATS server on a port of its own, with further options of its command line. */
export async function startNatsServer(options: readonly string[] = []): Promise<NatsServer> {
  const { program } = inject('nats');
  if (program === undefined) throw new Error('There is no nats-server: describe.skipIf(lacksNats()) leaves this out.');
  const folder = mkdtempSync(join(tmpdir(), 'beseda-nats-'));
  // It may be started again after a stop, so its log goes only when nobody can do that any more.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return start({ program, folder, args: options });
}
