import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../bin/beseda.mjs', import.meta.url));

/** A command of Beseda in a process of its own. */
export interface BesedaProcess {
  pid: number;
  /** What it has printed so far, errors included. */
  output(): string;
  /** Settles with the first line, printed already or to come, that fits; fails when the process ends before. */
  line(fits: RegExp): Promise<string>;
  /** The address that it says it listens at. */
  address(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Settles with its exit code when it has ended; null after a signal. */
  ended: Promise<number | null>;
}

/**
 * Runs a command with nothing of this process's settings.
 *
 * @param environment its settings.
 * @param directory where it runs, and looks for `.env`.
 */
export function runBeseda(
  command: readonly string[],
  environment: Record<string, string>,
  directory: string,
  program = PROGRAM,
): BesedaProcess {
  const child = spawn(process.execPath, [program, ...command], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting: { fits: RegExp; resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const waiter of waiting) if (waiter.fits.test(line)) waiter.resolve(line);
    });
  }
  const output = (): string => lines.join('\n');
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      for (const { fits, reject } of waiting) {
        reject(new Error(`it ended with ${code} before it printed ${String(fits)}:\n${output()}`));
      }
      resolve(code);
    });
  });
  const line = async (fits: RegExp): Promise<string> => {
    const found = lines.find((candidate) => fits.test(candidate));
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      if (child.exitCode === null) waiting.push({ fits, resolve, reject });
      else reject(new Error(`it ended with ${child.exitCode} before it printed ${String(fits)}:\n${output()}`));
    });
  };
  return {
    pid: child.pid ?? 0,
    output,
    line,
    address: async () => /http\S+/.exec(await line(/^Beseda is at /))?.[0] ?? '',
    signal: (name) => child.kill(name),
    ended,
  };
}
