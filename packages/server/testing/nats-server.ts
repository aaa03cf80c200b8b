import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startNatsServer as startIn, type NatsServer } from '../../../cluster/nats-server.ts';

export type { NatsServer } from '../../../cluster/nats-server.ts';

/** Whether tests that need a NATS server are left out, for `describe.skipIf`. The run's beginning has printed why. */
export function lacksNats(): boolean {
  return inject('nats').program === undefined;
}

/** Starts a real NATS server on a port of its own, with further options of its command line. */
export async function startNatsServer(options: readonly string[] = []): Promise<NatsServer> {
  const { program } = inject('nats');
  if (program === undefined) throw new Error('There is no nats-server: describe.skipIf(lacksNats()) leaves this out.');
  const folder = await mkdtemp(join(tmpdir(), 'beseda-nats-'));
  const server = await startIn({ program, folder, args: options });
  return {
    ...server,
    async start() {
      await mkdir(folder, { recursive: true });
      await server.start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
