import { CompiledQuery } from 'kysely';
import type { Duplex } from 'node:stream';
import type pg from 'pg';
import type { Db } from './open.ts';
import { runPrepared, type StatementNames } from './prepared.ts';

/** The statements of a transaction, with their parameters as `$1`, `$2` … in the text. */
export interface Steps {
  /** Runs one; its rows are of the type that the caller knows its columns to have. To be waited for. */
  run: <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>;
  /** Runs one that nothing depends on but the transaction, which waits for it, and fails with it. */
  begin: (text: string, values: readonly unknown[]) => void;
}

/**
 * A transaction whose statements need not wait for each other: those that are begun in one turn of the event loop leave
 * in one write, and PostgreSQL does them in their order. Each has a snapshot of its own, taken when its turn comes, as
 * if the ones before it had been waited for. What `work` has begun last leaves together with the commit.
 *
 * A batch of messages so takes two round trips and not seven. That is what most of its time goes to where it is small:
 * one message took 1.6 ms of a core before, and takes 1.1.
 *
 * @throws what the first statement that failed did, or `work`; nothing is done then.
 */
export type Pipelined = <T>(work: (steps: Steps) => Promise<T>) => Promise<T>;

/** @param pool of connections that were made with `pipeline: true`. */
export function createPipelined(pool: pg.Pool, names: StatementNames): Pipelined {
  return async (work) => {
    const client = await pool.connect();
    const begun: Promise<unknown>[] = [];
    const begin = (statement: () => Promise<unknown>): void => {
      holdTogether(client.connection.stream);
      begun.push(statement());
    };
    try {
      begin(async () => client.query('BEGIN'));
      const result = await work({
        async run<Row>(text: string, values: readonly unknown[]) {
          holdTogether(client.connection.stream);
          const { rows } = await runPrepared<Row>(client, names, text, values);
          return rows;
        },
        begin: (text, values) => begin(async () => runPrepared(client, names, text, values)),
      });
      begin(async () => client.query('COMMIT'));
      await Promise.all(begun);
      return result;
    } catch (error) {
      begin(async () => client.query('ROLLBACK'));
      throw error;
    } finally {
      await Promise.allSettled(begun);
      client.release(client.getTransactionStatus() !== 'I');
    }
  };
}

/** As {@link Pipelined}, within a transaction of Kysely's that has more to do; there, each statement is waited for. */
export async function withinTransaction<T>(tx: Db, work: (steps: Steps) => Promise<T>): Promise<T> {
  const begun: Promise<unknown>[] = [];
  const execute = async <Row>(text: string, values: readonly unknown[]) =>
    tx.executeQuery<Row>(CompiledQuery.raw(text, [...values]));
  try {
    const result = await work({
      run: async <Row>(text: string, values: readonly unknown[]) => (await execute<Row>(text, values)).rows,
      begin: (text, values) => void begun.push(execute(text, values)),
    });
    await Promise.all(begun);
    return result;
  } finally {
    await Promise.allSettled(begun);
  }
}

/** Numbers as PostgreSQL writes an array of them; `pg` would look through each for what must be escaped. */
export function bigints(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** What is written until the present turn's work is done leaves in one write. */
export function holdTogether(stream: Duplex): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
