import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { StartupError } from '../startup-error.ts';
import { createPipelined, type Pipelined } from './pipeline.ts';
import { createStatementNames, preparing } from './prepared.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';
import type { Tables } from './tables.ts';

/** A database, or a transaction in it: what every query runs on. */
export type Db = Kysely<Tables>;

export interface OpenOptions {
  /** Where PostgreSQL is, in the words of `pg`. */
  connection: pg.PoolConfig;
  /** Connections at most. */
  poolSize: number;
  /** Told of connections that broke; the pool replaces them by itself. */
  onLostConnection: (error: Error) => void;
}

/** The oldest PostgreSQL whose SQL Beseda speaks. */
const OLDEST_POSTGRES = 15;

/** A request that finds no free connection for so long is answered 503 rather than left waiting. */
const CONNECTION_WAIT_MS = 2000;

/** No statement of Beseda's takes nearly so long; one that does is a fault, and holds locks others wait for. */
const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * Locks are held for milliseconds. What waits longer is refused: its sender tries again, and holds up nobody meanwhile,
 * as a batch of messages to many chats would that waits for one of them.
 */
const LOCK_TIMEOUT_MS = 2000;

/**
 * One plan for a statement, whatever its values, and by the indexes that are there for it: planning anew each time took
 * longer than an inbox of ten chats did (1.2 ms of PostgreSQL, and 0.3 without), and where tables are small today they
 * grow while their plans are kept. Reading a page out of order costs hardly more than in order where there is no disk
 * that turns. Settings in the address of a database go before these.
 */
const PLANNING = '-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1';

const types: Pick<typeof pg.types, 'getTypeParser'> = {
  getTypeParser(oid, format) {
    // Ids and counts stay below 2^53 (protocol: MAX_ID), so they are plain numbers.
    if (oid === pg.types.builtins.INT8) return Number;
    const parser: (text: string) => unknown = pg.types.getTypeParser(oid, format);
    if (oid !== pg.types.builtins.TIMESTAMPTZ) return parser;
    // Nobody writes `infinity` here, but one such row must not break the pages it is on: `pg` gives no Date for it.
    return (text: string) => parser(text.replace(/^infinity$/, END_OF_TIME).replace('-infinity', BEGINNING_OF_TIME));
  },
};

const END_OF_TIME = '9999-12-31 23:59:59.999+00';
const BEGINNING_OF_TIME = '0001-01-01 00:00:00+00';

/** An open database: the ways to run statements in it, on the same connections. */
export interface Database {
  db: Db;
  pipelined: Pipelined;
  snapshot: Snapshot;
}

/**
 * Opens a pool of connections and checks that the server is one that Beseda can use.
 *
 * @throws StartupError when PostgreSQL cannot be reached or is too old.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const pool = new pg.Pool({
    ...options.connection,
    options: `${PLANNING} ${options.connection.options ?? ''}`,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    application_name: 'beseda',
    pipeline: true,
    types,
  });
  pool.on('error', options.onLostConnection);
  // The pool listens to idle connections alone. One that breaks while it is in use fails the query under way, and says
  // so once more by itself: without a listener that would end the process.
  pool.on('connect', (client) => client.on('error', options.onLostConnection));
  const names = createStatementNames();
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: preparing(pool, names) }) });
  try {
    await requireVersion(db);
  } catch (error) {
    await db.destroy();
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      `Cannot use the PostgreSQL at ${describe(options.connection)}: ${reason(error)}\n` +
        'Check DATABASE_URL (or DATABASE_DSN): that the server runs, and that user, password and database name are right.',
    );
  }
  return { db, pipelined: createPipelined(pool, names), snapshot: createSnapshot(pool, names) };
}

async function requireVersion(db: Db): Promise<void> {
  const { rows } = await sql<{ number: string }>`SELECT current_setting('server_version_num') AS number`.execute(db);
  const major = Math.floor(Number(rows[0]?.number) / 10_000);
  if (major < OLDEST_POSTGRES) {
    throw new StartupError(
      `PostgreSQL ${major} is too old, Beseda needs ${OLDEST_POSTGRES} or newer. Upgrade it, or leave DATABASE_URL (DATABASE_DSN) out to use the embedded one.`,
    );
  }
}

/** The place without the password. */
function describe(connection: pg.PoolConfig): string {
  if (connection.connectionString !== undefined) {
    const url = URL.parse(connection.connectionString);
    return url === null ? 'the given address' : `${url.host || 'localhost'}${url.pathname}`;
  }
  return `${connection.host ?? 'localhost'}/${connection.database ?? ''}`;
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
