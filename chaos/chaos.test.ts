import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { lacksNats } from '../packages/server/testing/nats-server.ts';
import { readCommand } from './options.ts';
import { runChaos } from './run.ts';
import { tableOf, type Report } from './table.ts';

const PATIENCE_MS = 240_000;

/** A short run with options as on the command line; prints its table, with the seed to have it again. */
async function run(args: readonly string[], program?: string): Promise<Report> {
  const command = readCommand([...args], Math.random);
  if (command.kind !== 'run') throw new Error('these options are not those of a run');
  const folder = await mkdtemp(join(tmpdir(), 'beseda-chaos-test-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const report = await runChaos({
    options: command.options,
    natsProgram: inject('nats').program ?? '',
    folder,
    tell: () => {},
    ...(program === undefined ? {} : { program }),
  });
  process.stdout.write(`${tableOf(report)}\n`);
  return report;
}

describe.skipIf(lacksNats())('chaos, in short (npm run chaos is the long one)', () => {
  test(
    'WS5 WS6 WS13 ID1 ID5: servers, PostgreSQL, NATS and connections are killed; nothing acknowledged is lost, doubled or told out of order, and nobody hears what they may not',
    async () => {
      const { findings, done } = await run([
        '--minutes',
        '0.3',
        '--kills',
        '4',
        '--database-kills',
        '1',
        '--nats-kills',
        '1',
        '--faults',
        '14',
      ]);
      expect(findings.told()).toEqual([]);
      expect(Object.fromEntries(done)).toMatchObject({ 'kill a server': 4, 'kill PostgreSQL': 1, 'kill NATS': 1 });
    },
    PATIENCE_MS,
  );

  test(
    'WS10: servers that are restarted one after another under load show no error to clients that come back',
    async () => {
      const { findings, done } = await run(['--rolling', '--minutes', '0.15', '--restarts', '2']);
      expect(findings.told()).toEqual([]);
      expect(Object.fromEntries(done)).toMatchObject({ 'restart a server': 2 });
    },
    PATIENCE_MS,
  );

  test(
    'it can fail: servers that acknowledge before the commit are found out',
    async () => {
      const program = fileURLToPath(new URL('broken/early-acknowledgement.ts', import.meta.url));
      const { findings } = await run(
        ['--minutes', '0.15', '--kills', '4', '--faults', '0', '--nats-kills', '0'],
        program,
      );
      expect(findings.count('missing')).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});
