import { Client } from 'pg';
import { StartupError } from '../../startup-error.ts';
import { codeOf } from './file-problem.ts';
import { CONNECTION_OPTIONS, DATABASE, PORT, ROLE } from './settings.ts';

/** What a pg.Pool needs to reach the database. */
export interface Connection {
  /** folder of the socket */
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** settings of each connection, as command-line arguments */
  options: string;
}

/** The connection to the server's database through the socket in `socketFolder`. */
export function connectionTo(socketFolder: string, password: string): Connection {
  return { host: socketFolder, port: PORT, user: ROLE, password, database: DATABASE, options: CONNECTION_OPTIONS };
}

/** 'ready', 'missing' when the server runs without our database, else 'silent': it starts, stops, or is not there. */
export type Answer = 'ready' | 'missing' | 'silent';

/** SQLSTATE 57P03 cannot_connect_now and 57P01 admin_shutdown, and what a socket without a listener gives. */
const SILENT = new Set(['57P03', '57P01', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTSOCK']);
/** What pg says, without a code, when a connection is cut or not answered in time. */
const SILENT_MESSAGES = new Set(['Connection terminated unexpectedly', 'timeout expired']);

/** A server that listens but does not answer for this long is as good as silent. */
const ANSWER_MS = 5_000;

const NO_SUCH_DATABASE = '3D000';
const DATABASE_EXISTS = '42P04';
const WRONG_PASSWORD = '28P01';

async function withClient(connection: Connection, work: (client: Client) => Promise<unknown>): Promise<void> {
  // `ssl` is given because pg would else look at PGSSLMODE of the environment.
  const client = new Client({ ...connection, ssl: false, connectionTimeoutMillis: ANSWER_MS });
  // A connection that breaks while idle must not bring the process down.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Asks the server once. Throws a StartupError when it refuses the password, and whatever else it may say. */
export async function ask(connection: Connection): Promise<Answer> {
  try {
    await withClient(connection, (client) => client.query('SELECT 1'));
    return 'ready';
  } catch (error) {
    const code = codeOf(error);
    if (code === NO_SUCH_DATABASE) return 'missing';
    if (SILENT.has(code) || (error instanceof Error && SILENT_MESSAGES.has(error.message))) {
      return 'silent';
    }
    if (code === WRONG_PASSWORD) {
      throw new StartupError(
        'The embedded database refuses the password in DATA_DIR/postgres.password.\n' +
          'Put back the file that belongs to this DATA_DIR, from the same backup as the folder postgres.',
        { cause: error },
      );
    }
    throw error;
  }
}

/** Makes the server's database. */
export async function createDatabase(connection: Connection): Promise<void> {
  try {
    await withClient({ ...connection, database: 'postgres' }, (client) => client.query(`CREATE DATABASE ${DATABASE}`));
  } catch (error) {
    if (codeOf(error) !== DATABASE_EXISTS) throw error;
  }
}
