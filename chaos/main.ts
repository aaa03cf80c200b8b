import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { StartupError } from '@beseda/server/startup-error.ts';
import { requireNats } from '../cluster/require-nats.ts';
import { HELP, readCommand, type ChaosCommand } from './options.ts';
import { runPowerCuts } from './power-cut/run-power-cut.ts';
import { runChaos } from './run.ts';
import { tableOf, type Report } from './table.ts';
import { removeWorld } from './world/world.ts';

const EARLY_ACKNOWLEDGEMENT = fileURLToPath(new URL('broken/early-acknowledgement.ts', import.meta.url));

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function report(
  command: Exclude<ChaosCommand, { kind: 'help' }>,
  folder: string,
  asked: AbortSignal,
): Promise<Report> {
  switch (command.kind) {
    case 'run':
      return runChaos({
        options: command.options,
        natsProgram: requireNats(process.env['PATH'] ?? ''),
        folder,
        tell,
        asked,
        ...(command.broken === 'none' ? {} : { program: EARLY_ACKNOWLEDGEMENT }),
      });
    case 'power-cut':
      return runPowerCuts({ ...command, folder, tell, asked });
  }
}

async function main(): Promise<number> {
  const command = readCommand(process.argv.slice(2), Math.random);
  if (command.kind === 'help') {
    tell(HELP);
    return 0;
  }
  const folder = await mkdtemp(join(tmpdir(), 'beseda-chaos-'));
  try {
    const made = await report(command, folder, askedToEnd());
    tell(tableOf(made));
    return made.findings.total() === 0 ? 0 : 1;
  } finally {
    if (command.kind === 'run' && command.keep) tell(`Data and logs are in ${folder}.`);
    else await removeWorld(folder);
  }
}

/** Aborts at the first signal that asks the process to end; a second one ends it at once. */
function askedToEnd(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked.signal.aborted) process.exit(1);
      asked.abort();
    });
  }
  return asked.signal;
}

try {
  process.exit(await main());
} catch (error) {
  const text = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
