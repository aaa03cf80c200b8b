import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { installationSecret } from '@beseda/server/secret-key.ts';
import { databaseAddress } from '../../cluster/database-address.ts';
import { startNode } from '../../cluster/node-process.ts';
import { seededRandom } from '../../packages/server/testing/random.ts';
import { createFindings, type Findings } from '../findings.ts';
import { createMeasures } from '../measures.ts';
import { createRest } from '../rest.ts';
import type { Report } from '../table.ts';
import { openSharedDatabase } from '../world/database.ts';
import { makeDisk, type Disk } from './disk.ts';
import { startWriters, type Promised } from './writers.ts';

export interface PowerCutOptions {
  seed: number;
  /** How often the power is cut. */
  cuts: number;
  /** Off, a commit is acknowledged before it is on the disk: the run must find messages missing. */
  synchronousCommit: boolean;
  folder: string;
  tell: (line: string) => void;
  /** Ends the run after the cut under way. */
  asked: AbortSignal;
}

const WRITERS = 16;
/** Between two cuts: a random time from so long to twice as long. */
const BETWEEN_MS = 300;

/** Cuts the power under load again and again, and starts PostgreSQL from what was on the disk at that moment. */
export async function runPowerCuts(options: PowerCutOptions): Promise<Report> {
  const { cuts, folder, synchronousCommit, tell } = options;
  const random = seededRandom(options.seed, `--seed ${options.seed}`);
  const findings = createFindings();
  const stopped = new AbortController();
  const undo: (() => Promise<unknown>)[] = [async () => stopped.abort()];
  let losing = 0;
  let done = 0;
  try {
    const disk = await makeDisk(folder);
    undo.unshift(async () => disk.remove());
    const dataDir = join(disk.path, 'data');
    const database = await openSharedDatabase(dataDir, tell);
    undo.unshift(async () => database.stop());
    const address = databaseAddress(database.connection);
    const server = await startNode({
      environment: {
        DATA_DIR: dataDir,
        SECRET_KEY: await installationSecret(dataDir),
        DATABASE_URL: synchronousCommit ? address : `${address}&options=-c%20synchronous_commit%3Doff`,
        HOST: '127.0.0.1',
        PORT: '0',
        RATE_LIMITS: 'off',
      },
      directory: folder,
      hear: () => {},
    });
    undo.unshift(async () => {
      server.signal('SIGTERM');
      await server.ended;
    });
    const writers = await startWriters(
      createRest(() => server.url, stopped.signal),
      WRITERS,
    );
    await writers.reached(WRITERS * 10);
    for (let cut = 1; cut <= cuts && !options.asked.aborted; cut += 1) {
      await delay(BETWEEN_MS + random.below(BETWEEN_MS));
      const promised = writers.promised.slice();
      const missing = await cutOnce(disk, promised, findings, `cut ${cut}`);
      done += 1;
      if (missing > 0) losing += 1;
      tell(`Cut ${cut}: ${promised.length} messages were acknowledged by then, ${missing} of them are missing.`);
    }
    await writers.stop();
    return {
      title: `${done} power cuts with synchronous_commit ${synchronousCommit ? 'on' : 'off'}, --seed ${options.seed}`,
      done: [
        ['messages acknowledged', writers.promised.length],
        ['power cuts that lost something', losing],
      ],
      findings,
      judged: ['missing'],
      measures: createMeasures(),
    };
  } finally {
    // What is mounted must go, whatever else cannot be ended.
    for (const step of undo) await step().catch((error: unknown) => tell(String(error)));
  }
}

/** Settles with how many of the promised messages are not there when the machine is on again. */
async function cutOnce(disk: Disk, promised: readonly Promised[], findings: Findings, name: string): Promise<number> {
  const copy = await disk.cutPower();
  try {
    const database = await openSharedDatabase(join(copy.path, 'data'), () => {});
    try {
      const rows = await database.query<{ key: string }>(
        "SELECT chat_id || ' ' || id || ' ' || text AS key FROM messages",
      );
      const stored = new Set(rows.map(({ key }) => key));
      const missing = promised.filter(({ chatId, id, text }) => !stored.has(`${chatId} ${id} ${text}`));
      for (const { chatId, id } of missing) findings.report('missing', `${name}: message ${id} of chat ${chatId}`);
      return missing.length;
    } finally {
      await database.stop();
    }
  } finally {
    await copy.remove();
  }
}
