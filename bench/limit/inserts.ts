import type { Client } from 'pg';
import type { Load } from '../driver/load.ts';
import type { Target } from '../driver/target.ts';
import type { Context, Row } from '../workload.ts';

/** Chats that the messages are in, in turn. */
const CHATS = 32;
const TEXT_BYTES = 128;

/** Columns and indexes of the server's own table, and none of its references to others. */
const MAKE_TABLE = 'CREATE TABLE bare_messages (LIKE messages INCLUDING ALL)';

const INSERT = `
  INSERT INTO bare_messages (chat_id, id, version, sender_id, text, created_at)
  SELECT chat_id, id, id, 1, text, now() FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS row (chat_id, id, text)`;

/**
 * How many messages PostgreSQL itself stores for one connection that does nothing else, each insert a transaction and
 * the next one sent when it is committed: the limit of a server that stores so many together.
 *
 * @param together rows of one insert, a row of the table for each.
 */
export async function bareInserts(context: Context, target: Target, together: readonly number[]): Promise<Row[]> {
  const database = await target.database();
  await database.query(MAKE_TABLE);
  const rows: Row[] = [];
  let next = 0;
  const nextRow = (): number => (next += 1);
  for (const count of together) {
    const name = `limit: inserts of ${count} ${count === 1 ? 'row' : 'rows'}`;
    const makeLoad = (): Load => inserting(database, count, nextRow);
    rows.push(await context.measure({ name, headline: ['stored/s'] }, target, makeLoad));
  }
  await database.query('DROP TABLE bare_messages');
  return rows;
}

function inserting(database: Client, together: number, nextRow: () => number): Load {
  const text = 'x'.repeat(TEXT_BYTES);
  const faults: string[] = [];
  let [stored, ending] = [0, false];
  let running: Promise<void> | undefined;
  const goOn = (): boolean => !ending;
  const run = async (): Promise<void> => {
    while (goOn()) {
      const numbers = Array.from({ length: together }, nextRow);
      const values = [numbers.map((number) => number % CHATS), numbers, numbers.map(() => text)];
      // A name makes it a prepared statement.
      const { rowCount } = await database.query({ name: `insert-${together}`, text: INSERT, values });
      stored += rowCount ?? 0;
    }
  };
  return {
    operation: 'stored',
    begin() {
      running = run().catch((error: unknown) => void faults.push(String(error)));
    },
    done: () => stored,
    async end() {
      ending = true;
      await running;
      return { faults };
    },
  };
}
