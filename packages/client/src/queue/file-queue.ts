import { open, readFile, rename } from 'node:fs/promises';
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
  let lines = Number.POSITIVE_INFINITY;
  /** One change after the other. */
  let turn: Promise<unknown> = Promise.resolve();

  async function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = turn.then(act);
    turn = done.catch(() => undefined);
    return done;
  }

  async function compact(): Promise<void> {
    const whole = `${path}.new`;
    await writeDown(whole, 'w', [...kept.values()].map((item) => `${JSON.stringify({ put: item })}\n`).join(''));
    await rename(whole, path);
    lines = kept.size;
  }

  async function append(change: { put: unknown } | { remove: string }): Promise<void> {
    // Written anew it holds the change already.
    if (lines > COMPACT_AFTER + kept.size) return compact();
    await writeDown(path, 'a', `${JSON.stringify(change)}\n`);
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

/** Settles once the text is on disk. */
async function writeDown(path: string, flags: 'a' | 'w', text: string): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
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
