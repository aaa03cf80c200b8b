import { DummyDriver, type CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely';
import type pg from 'pg';
import { kyselyBy } from './build.ts';
import type { Db } from './open.ts';
import { holdTogether } from './pipeline.ts';
import { runPrepared, type StatementNames } from './prepared.ts';

/**
 * Reads of one moment, which need not wait for each other: those that are begun in one turn of the event loop leave in
 * one write. A change that commits meanwhile is seen whole, later, and not in part.
 */
export type Snapshot = <T>(read: (db: Db) => Promise<T>) => Promise<T>;

const BEGIN = 'START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** @param pool of connections that were made with `pipeline: true`. */
export function createSnapshot(pool: pg.Pool, names: StatementNames): Snapshot {
  const dbs = new WeakMap<pg.PoolClient, Db>();
  return async (read) => {
    const client = await pool.connect();
    const db = dbs.get(client) ?? onOneConnection(client, names);
    dbs.set(client, db);
    const ends: Promise<unknown>[] = [];
    const say = (text: string): void => {
      holdTogether(client.connection.stream);
      ends.push(client.query(text));
    };
    try {
      say(BEGIN);
      return await read(db);
    } finally {
      // There is nothing to be committed or undone.
      say('COMMIT');
      await Promise.allSettled(ends);
      client.release(client.getTransactionStatus() !== 'I');
    }
  };
}

/** Kysely as it runs statements where there is no transaction of its own: it does not wait for one before the next. */
function onOneConnection(client: pg.PoolClient, names: StatementNames): Db {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      holdTogether(client.connection.stream);
      const { rows } = await runPrepared<R>(client, names, sql, parameters);
      return { rows };
    },
    streamQuery() {
      throw new Error('no statement here is read by a cursor');
    },
  };
  return kyselyBy(new OneConnection(connection));
}

class OneConnection extends DummyDriver {
  private readonly connection: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    super();
    this.connection = connection;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return this.connection;
  }
}
