import { parseArgs } from 'node:util';
import { StartupError } from '@beseda/server/startup-error.ts';
import type { Door } from './driver/socket.ts';
import type { Extent } from './workload.ts';

export type Command =
  | { kind: 'help' }
  | { kind: 'run'; extent: Extent; only: string[]; pin: boolean; json: boolean; web: boolean };

const FLAGS = {
  pin: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  web: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  door: { type: 'string', default: 'main' },
  growth: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What the options say, the workloads aside. */
export const HELP = `How fast the server is: npm run bench

It starts a server on a fresh database for each workload, loads it from another process, and prints a table. What each
workload is, and how to read it, is told in bench/README.md.

  --only w1,w3    these workloads alone
  --rounds N      rounds of each measurement, after a warm-up (3)
  --seconds N     seconds of a round (5)
  --pin           server and PostgreSQL on one processor, the driver on another (Linux)
  --door chat     sockets at /ws/{chat_id} instead of /ws
  --growth A,B    messages in the database of W9 (1000,100000,1000000)
  --quick         a fraction of it in a few seconds: shows that it works, not how fast
  --web           the web client too, in a headless browser: npm run bench:web
  --json          every value of every round, as JSON
  --help          this`;

/**
 * What the command line asks for.
 *
 * @param names of the workloads that there are.
 * @throws StartupError that names what is wrong, and where.
 */
export function readCommand(args: string[], names: readonly string[]): Command {
  const values = parse(args);
  if (values.help) return { kind: 'help' };
  return {
    kind: 'run',
    pin: values.pin,
    json: values.json,
    web: values.web,
    only: values.only === undefined ? [...names] : chosen(values.only, names),
    extent: {
      quick: values.quick,
      door: door(values.door),
      growth: sizes(values.growth ?? (values.quick ? '1000,10000' : '1000,100000,1000000')),
      rounds: number('--rounds', values.rounds ?? (values.quick ? '1' : '3'), 1, 100, true),
      seconds: number('--seconds', values.seconds ?? (values.quick ? '0.2' : '5'), 0.1, 600),
    },
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new StartupError(`${error instanceof Error ? error.message : String(error)}\nSee npm run bench -- --help.`);
  }
}

function chosen(list: string, names: readonly string[]): string[] {
  const only = list.split(',').map((name) => name.trim().toLowerCase());
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new StartupError(`--only: there is no workload ${JSON.stringify(unknown)}. There are ${names.join(', ')}.`);
  }
  return names.filter((name) => only.includes(name));
}

function door(text: string): Door {
  if (text === 'main' || text === 'chat') return text;
  throw new StartupError(`--door: expected main or chat, got ${JSON.stringify(text)}`);
}

function sizes(list: string): number[] {
  const found = list.split(',').map((size) => number('--growth', size.trim(), 1000, 100_000_000, true));
  if (new Set(found).size < 2) throw new StartupError('--growth: expected two sizes or more, like 1000,10000000');
  return found.toSorted((a, b) => a - b);
}

function number(name: string, text: string, min: number, max: number, whole = false): number {
  const value = (whole ? /^\d{1,9}$/ : /^\d{1,6}(\.\d{1,3})?$/).test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new StartupError(
    `${name}: expected a ${whole ? 'whole ' : ''}number from ${min} to ${max}, got ${JSON.stringify(text)}`,
  );
}
