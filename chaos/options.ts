import { parseArgs } from 'node:util';
import { StartupError } from '@beseda/server/startup-error.ts';

/** What a run is made of. The defaults of the counts follow from its length. */
export interface ChaosOptions {
  seed: number;
  minutes: number;
  nodes: number;
  users: number;
  chats: number;
  /** Servers killed (kill -9), all together. */
  kills: number;
  databaseKills: number;
  natsKills: number;
  /** Connections cut, ended, slowed down, stalled or swallowed; NATS and PostgreSQL cut off from a server. */
  faults: number;
  /** Members removed and let in again; sessions revoked. */
  removals: number;
  revocations: number;
  /** Servers restarted one after another (SIGTERM). */
  restarts: number;
  /** Milliseconds between two acts of a user, on average. */
  pauseMs: number;
}

export type ChaosCommand =
  | { kind: 'help' }
  | { kind: 'run'; options: ChaosOptions; keep: boolean; broken: 'none' | 'early-acknowledgement' }
  | { kind: 'power-cut'; seed: number; cuts: number; synchronousCommit: boolean };

export const HELP = `Break everything under load, then prove that nothing was lost: npm run chaos

Real servers, PostgreSQL and NATS; users write, edit, delete, react and read. Meanwhile servers, PostgreSQL and NATS are
killed (kill -9), connections cut, stalled or swallowed, members removed, sessions revoked. In the end what was
acknowledged, what every client was told and what it holds are compared with the database. Exit code 1 on any violation.

  --minutes N         how long (2)
  --seed N            the same choices again (random; timing stays the machine's)
  --nodes N           servers (2)
  --users N           users, with a device or two each (12)
  --chats N           groups (6)
  --kills N           servers killed (12 a minute)
  --database-kills N  PostgreSQL killed (4 a minute)
  --nats-kills N      NATS killed (2 a minute)
  --faults N          connections harmed (40 a minute)
  --removals N        members removed and let in again (20 a minute)
  --revocations N     sessions revoked (6 a minute)
  --restarts N        servers restarted politely, one after another (0); with nothing else broken: --rolling
  --rolling           only restarts, 6 a minute: no client may see an error
  --pause N           milliseconds between two acts of a user (250)
  --keep              keep the folder with data and logs
  --broken early-ack  servers that acknowledge before the commit: this must fail
  --power-cut         cut the power of the machine's disk instead, again and again (root, Linux)
  --cuts N            how often (50)
  --no-sync           with synchronous_commit off: this must fail
  --help              this`;

const FLAGS = {
  seed: { type: 'string' },
  minutes: { type: 'string', default: '2' },
  nodes: { type: 'string', default: '2' },
  users: { type: 'string', default: '12' },
  chats: { type: 'string', default: '6' },
  kills: { type: 'string' },
  'database-kills': { type: 'string' },
  'nats-kills': { type: 'string' },
  faults: { type: 'string' },
  removals: { type: 'string' },
  revocations: { type: 'string' },
  restarts: { type: 'string' },
  rolling: { type: 'boolean', default: false },
  pause: { type: 'string', default: '250' },
  keep: { type: 'boolean', default: false },
  broken: { type: 'string' },
  'power-cut': { type: 'boolean', default: false },
  cuts: { type: 'string', default: '50' },
  'no-sync': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * What the command line asks for.
 *
 * @param random gives a number from 0 up to but not including 1, for the seed where none is given.
 * @throws StartupError that names what is wrong, and where.
 */
export function readCommand(args: string[], random: () => number): ChaosCommand {
  const values = parse(args);
  if (values.help) return { kind: 'help' };
  const seed = number('--seed', values.seed ?? String(Math.floor(random() * 2 ** 32)), 0, 2 ** 32 - 1);
  if (values['power-cut']) {
    return {
      kind: 'power-cut',
      seed,
      cuts: number('--cuts', values.cuts, 1, 10_000),
      synchronousCommit: !values['no-sync'],
    };
  }
  if (values.broken !== undefined && values.broken !== 'early-ack') {
    throw new StartupError(`--broken: expected early-ack, got ${JSON.stringify(values.broken)}`);
  }
  const minutes = number('--minutes', values.minutes, 0.1, 24 * 60);
  const perMinute = values.rolling ? NOTHING_BUT_RESTARTS : PER_MINUTE;
  const count = (flag: keyof typeof PER_MINUTE): number =>
    Math.round(number(`--${flag}`, values[flag] ?? String(Math.round(perMinute[flag] * minutes)), 0, 1_000_000));
  return {
    kind: 'run',
    keep: values.keep,
    broken: values.broken === undefined ? 'none' : 'early-acknowledgement',
    options: {
      seed,
      minutes,
      nodes: number('--nodes', values.nodes, 1, 8),
      users: number('--users', values.users, 3, 200),
      chats: number('--chats', values.chats, 1, 100),
      kills: count('kills'),
      databaseKills: count('database-kills'),
      natsKills: count('nats-kills'),
      faults: count('faults'),
      removals: count('removals'),
      revocations: count('revocations'),
      restarts: count('restarts'),
      pauseMs: number('--pause', values.pause, 0, 60_000),
    },
  };
}

const PER_MINUTE = {
  kills: 12,
  'database-kills': 4,
  'nats-kills': 2,
  faults: 40,
  removals: 20,
  revocations: 6,
  restarts: 0,
};

const NOTHING_BUT_RESTARTS: typeof PER_MINUTE = {
  kills: 0,
  'database-kills': 0,
  'nats-kills': 0,
  faults: 0,
  removals: 0,
  revocations: 0,
  restarts: 6,
};

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS }).values;
  } catch (error) {
    throw new StartupError(`${error instanceof Error ? error.message : String(error)}\nSee npm run chaos -- --help.`);
  }
}

function number(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new StartupError(`${name}: expected a number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}
