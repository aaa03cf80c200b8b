import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type Driver } from 'kysely';
import type { Db } from './open.ts';
import type { Tables } from './tables.ts';

/** Kysely that runs its statements by a driver of ours. */
export function kyselyBy(driver: Driver): Db {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

/** Makes the text of statements that are run in another way than by Kysely; it runs none itself. */
export const build: Db = kyselyBy(new DummyDriver());
