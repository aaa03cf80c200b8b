import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../bin/chat.mjs', import.meta.url));

/** The chat in a process of its own, typed to and read from. */
export interface ChatProcess {
  type(line: string): void;
  /** Settles with the first output after all that was waited for before, printed already or to come, that fits. */
  shows(fits: RegExp): Promise<string>;
  /** All that it has shown. */
  output(): string;
  /** No more is typed. */
  endInput(): void;
  kill(): void;
  ended: Promise<number | null>;
}

/** @param through a program that runs the chat, with its arguments before the chat's command line; in a terminal say. */
export function runChat(
  args: readonly string[],
  environment: Record<string, string> = {},
  through: (command: string[]) => string[] = (command) => command,
): ChatProcess {
  const [program = '', ...rest] = through([process.execPath, PROGRAM, ...args]);
  const child = spawn(program, rest, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm', TZ: 'UTC', ...environment },
    stdio: 'pipe',
  });
  let output = '';
  let from = 0;
  const waiting = new Set<() => void>();
  const heard = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout.on('data', heard);
  child.stderr.on('data', heard);
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      resolve(code);
    });
  });
  return {
    type: (line) => child.stdin.write(`${line}\n`),
    output: () => output,
    endInput: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
    ended,
    async shows(fits) {
      const found = Promise.withResolvers<string>();
      const look = (): void => {
        const match = fits.exec(output.slice(from));
        if (match === null) return;
        from += match.index + match[0].length;
        found.resolve(match[0]);
      };
      waiting.add(look);
      look();
      const over = ended.then((code) => {
        throw new Error(`it ended with ${code} before it showed ${String(fits)}:\n${output}`);
      });
      try {
        return await Promise.race([found.promise, over]);
      } finally {
        waiting.delete(look);
      }
    },
  };
}
