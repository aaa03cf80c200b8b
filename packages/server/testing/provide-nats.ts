import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { findNats, type NatsAvailability } from './find-nats.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Tests of several servers need a `nats-server`; without one they are left out, for this reason. */
    nats: NatsAvailability;
  }
}

/** Finds out, once for a run of the tests, whether there is a NATS server to be started. */
export default async function provideNats(project: TestProject): Promise<void> {
  const nats = await findNats({
    path: process.env['PATH'] ?? '',
    cache: fileURLToPath(new URL('../../../node_modules/.cache/beseda', import.meta.url)),
    required: !['', 'false', '0', undefined].includes(process.env['CI']),
    isRoot: process.getuid?.() === 0,
    tell: (line) => process.stdout.write(`${line}\n`),
  });
  project.provide('nats', nats);
}
