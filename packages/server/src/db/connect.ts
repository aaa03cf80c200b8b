import { durabilityWarnings } from './durability.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openDatabase, type Database } from './open.ts';

export interface ConnectOptions {
  /** Absolute path of the data folder. */
  dataDir: string;
  /** Undefined: the embedded PostgreSQL of the data folder. */
  databaseUrl: string | undefined;
  poolSize: number;
  /** Who connects, for others that find the data folder in use. */
  role: string;
  /** Whether a PostgreSQL that another process runs on the data folder may be used too. */
  mode: 'own' | 'share';
  tell: (line: string) => void;
  onLostConnection: (error: Error) => void;
}

/** A database with its schema up to date. */
export interface Connected extends Database {
  /** The migrations applied just now. */
  migrated: string[];
  /** Where the data is, for people. */
  place: string;
  /** Tells others that find the data folder in use where the server answers. */
  announce(address: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connects to the database that the settings name, embedded or not, and brings its schema up to date.
 *
 * @throws StartupError when that cannot be done; nothing is left running then.
 */
export async function connect(options: ConnectOptions): Promise<Connected> {
  const { dataDir, databaseUrl, role, mode, tell } = options;
  const embedded = databaseUrl === undefined ? await openEmbedded({ dataDir, role, mode, tell }) : undefined;
  try {
    // Without it `pg` asks the environment whether to encrypt, which a unix socket cannot.
    const connection =
      embedded === undefined ? { connectionString: databaseUrl } : { ...embedded.connection, ssl: false };
    const { db, pipelined, snapshot } = await openDatabase({
      connection,
      poolSize: options.poolSize,
      onLostConnection: options.onLostConnection,
    });
    try {
      // The embedded one's connections say for themselves what they need.
      const warnings = embedded === undefined ? await durabilityWarnings(db) : [];
      for (const warning of warnings) tell(`Warning: ${warning}`);
      const migrated = await migrate(db);
      return {
        db,
        pipelined,
        snapshot,
        migrated,
        place: embedded === undefined ? 'the PostgreSQL that the settings name' : dataDir,
        announce: async (address) => embedded?.announce(address),
        async close() {
          await db.destroy();
          await embedded?.stop();
        },
      };
    } catch (error) {
      await db.destroy();
      throw error;
    }
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
