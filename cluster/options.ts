import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartupError } from '@beseda/server/startup-error.ts';

export interface ClusterOptions {
  /** How many servers, 1 to 16. */
  nodes: number;
  /** Where the proxy in front of them listens. */
  port: number;
  /** Absolute. */
  dataDir: string;
}

export const HELP = `Run several Beseda servers on this machine, to try it out: npm run cluster

One PostgreSQL (the embedded one), one NATS server (nats-server from the PATH), some servers, and in front of them a
proxy that gives each connection to the next server that is ready. Kill any of them: clients come back and go on.

  --nodes N       how many servers (2)
  --port N        where the proxy listens (8000)
  --data-dir PATH the folder of the database and of the key (data)
  --help          this`;

/**
 * The options of `npm run cluster`; undefined where help is asked for.
 *
 * @param directory what a relative path is relative to.
 * @throws StartupError that names what is wrong, and where.
 */
export function readOptions(args: string[], directory: string): ClusterOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  return {
    nodes: integer('--nodes', values.nodes, 1, 16),
    port: integer('--port', values.port, 0, 65_535),
    dataDir: resolve(directory, values['data-dir']),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        nodes: { type: 'string', default: '2' },
        port: { type: 'string', default: '8000' },
        'data-dir': { type: 'string', default: 'data' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new StartupError(`${error instanceof Error ? error.message : String(error)}\nSee npm run cluster -- --help.`);
  }
}

/** @throws StartupError where `text` is not a whole number from `min` to `max`. */
export function integer(name: string, text: string, min: number, max: number): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new StartupError(`${name}: expected a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}
