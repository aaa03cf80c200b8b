import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { parseJson } from '../parse.ts';
import type { QueueStorage } from './queue-storage.ts';

/** Lines after which the file is written anew with what is still kept. */
const COMPACT_AFTER = 1000;

/**
 * Keeps messages on their way in a file, for Node: a line of JSON for each change, on disk before it counts. A last
 * line that was cut short by a crash is passed over. One program at a time may use a file.
 */
export function fileQueue(path: string): QueueStorage {
  const kept = new Map<string, unknown>();
  let file: FileHandle | undefined;
  let lines = 0;
  /** One change after the other. */
  let turn: Promise<unknown> = Promise.resolve();

  async function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = turn.then(act);
    turn = done.catch(() => undefined);
    return done;
  }

  async function compact(): Promise<void> {
    await file?.close();
    file = undefined;
    const whole = `${path}.new`;
    const fresh = await open(whole, 'w', 0o600);
    try {
      await fresh.writeFile([...kept.values()].map((item) => `${JSON.stringify({ put: item })}\n`).join(''));
      await fresh.datasync();
    } finally {
      await fresh.close();
    }
    await rename(whole, path);
    file = await open(path, 'a', 0o600);
    lines = kept.size;
  }

  async function append(change: { put: unknown } | { remove: string }): Promise<void> {
    if (file === undefined || lines > COMPACT_AFTER + kept.size) await compact();
    await file?.appendFile(`${JSON.stringify(change)}\n`);
    await file?.datasync();
    lines += 1;
  }

  return {
    load: async () =>
      inTurn(async () => {
        kept.clear();
        for (const line of (await textOf(path)).split('\n')) apply(kept, parseJson(line));
        await compact();
        return [...kept.values()];
      }),
    put: async (item) =>
      inTurn(async () => {
        kept.set(item.client_id, item);
        await append({ put: item });
      }),
    remove: async (clientId) =>
      inTurn(async () => {
        if (kept.delete(clientId)) await append({ remove: clientId });
      }),
  };
}

function apply(kept: Map<string, unknown>, change: unknown): void {
  if (typeof change !== 'object' || change === null) return;
  if ('remove' in change) kept.delete(String(change.remove));
  else if ('put' in change) {
    const item = change.put;
    if (typeof item === 'object' && item !== null && 'client_id' in item) kept.set(String(item.client_id), item);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
