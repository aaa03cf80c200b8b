import { createTestDataCommand } from './commands/create-test-data.ts';
import type { Command } from './commands/command.ts';
import { demo } from './commands/demo.ts';
import { dev } from './commands/dev.ts';
import { migrate } from './commands/migrate.ts';
import { start } from './commands/start.ts';
import { readConfig, readEnvironment } from './config.ts';
import { StartupError } from './startup-error.ts';

const commands: Record<string, Command> = {
  start,
  demo,
  dev,
  migrate,
  'create-test-data': createTestDataCommand,
};

async function main(): Promise<void> {
  const [name = 'start', ...options] = process.argv.slice(2);
  if (name === '--help' || name === '-h') {
    tell(`Commands, each with --help: ${Object.keys(commands).join(', ')}.`);
    return;
  }
  const command = commands[name];
  if (command === undefined) {
    throw new StartupError(
      `There is no command ${JSON.stringify(name)}. Commands: ${Object.keys(commands).join(', ')}.`,
    );
  }
  if (options.includes('--help') || options.includes('-h')) {
    tell(command.help);
    return;
  }
  if (options.length > 0) {
    throw new StartupError(`${name}: unknown option ${options.join(' ')}. See ${name} --help.`);
  }
  const config = readConfig(readEnvironment(process.env, process.cwd()), process.cwd());
  await command.run({ config, tell, asked: askedToEnd(process.env['npm_lifecycle_event'] !== undefined) });
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The terminal and npm both pass Ctrl-C on: signals that come so close together are one. */
const SAME_SIGNAL_S = 1;

/** How often a command that npm runs looks whether npm's shell is still there. */
const PARENT_WATCH_MS = 500;

/**
 * Settles at the first signal that asks the process to end; a second one ends it at once. Under npm it also settles
 * when its parent is gone: npm passes signals to a shell, and the shell dies of them without passing them on.
 */
async function askedToEnd(underNpm: boolean): Promise<void> {
  return new Promise((resolve) => {
    let askedAt: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (askedAt !== undefined && process.uptime() - askedAt > SAME_SIGNAL_S) process.exit(1);
        askedAt ??= process.uptime();
        resolve();
      });
    }
    if (!underNpm) return;
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(watch);
      resolve();
    }, PARENT_WATCH_MS);
    watch.unref();
  });
}

try {
  await main();
} catch (error) {
  const text = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  // Whatever is still open after a failed start must not keep up a process that serves nobody.
  process.exit(1);
}
