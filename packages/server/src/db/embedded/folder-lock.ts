import { DatabaseSync } from 'node:sqlite';
import { chmodSync } from 'node:fs';
import { StartupError } from '../../startup-error.ts';

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy */
const BUSY = 5;

/** Keeps held locks from the garbage collector, which would close and thereby release them. */
const held = new Set<DatabaseSync>();

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === BUSY;
}

/**
 * Takes an exclusive lock on `file` without waiting; returns the function that releases it, or undefined when
 * another process (or another part of this one) holds it.
 *
 * The lock is the kernel's own, so it ends with the process however that ends: unlike a pid in a file it can neither
 * go stale nor be mistaken for a stranger with the same number, and it also holds between containers that share a
 * volume. Node has no flock(2); its SQLite takes such a lock, portably, for an exclusive transaction. The file stays
 * empty and is never removed, as two processes could otherwise hold locks on two files of one name.
 */
export function lockFolder(file: string): (() => void) | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    chmodSync(file, 0o600);
    // Without the pragma, SQLite leaves a journal next to the file.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if (isBusy(error)) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(
      `DATA_DIR: ${file} cannot be written and locked: ${reason}.\n` +
        'Choose a DATA_DIR that the user who starts Beseda may write to, on a local disk.',
      { cause: error },
    );
  }
  const lock = database;
  held.add(lock);
  return () => {
    if (!held.delete(lock)) return;
    lock.close();
  };
}
