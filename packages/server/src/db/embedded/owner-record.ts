import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { DataFolder } from './data-folder.ts';
import { giveToFolderOwner } from './data-folder.ts';

/** What the holder of a data folder says about itself. Whether it lives is told by the lock alone, never by this. */
export interface OwnerRecord {
  pid: number;
  /** 'server', or the name of the command */
  role: string;
  /** ISO 8601 */
  since: string;
  /** http address, once the server listens */
  address?: string;
  /** where the database's socket is, once it is known */
  socketFolder?: string;
  /** set while it shuts down: who waits a moment gets the folder */
  stopping?: boolean;
  /** folders outside the data folder, to be removed by the next owner when this one cannot */
  temporaryFolders: string[];
}

function parseRecord(text: string): OwnerRecord | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, role, since, address, socketFolder, stopping, temporaryFolders } = { ...value } as Record<
    string,
    unknown
  >;
  if (typeof pid !== 'number' || typeof role !== 'string' || typeof since !== 'string') return undefined;
  return {
    pid,
    role,
    since,
    ...(typeof address === 'string' && { address }),
    ...(typeof socketFolder === 'string' && { socketFolder }),
    ...(stopping === true && { stopping }),
    temporaryFolders: Array.isArray(temporaryFolders)
      ? temporaryFolders.filter((folder) => typeof folder === 'string')
      : [],
  };
}

/** The record of the data folder; undefined when there is none, or none that can be read. */
export function readOwner(folder: DataFolder): OwnerRecord | undefined {
  try {
    return parseRecord(readFileSync(folder.owner, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes the record in one step, so that a reader never sees half of it. Synchronous, to follow the lock at once. */
export function writeOwner(folder: DataFolder, record: OwnerRecord): void {
  const draft = `${folder.owner}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  giveToFolderOwner(folder, draft);
  renameSync(draft, folder.owner);
}

/** Takes the record away; done before the lock is released. */
export function removeOwner(folder: DataFolder): void {
  rmSync(folder.owner, { force: true });
}

function describeSince(since: string): string {
  const date = new Date(since);
  const time = date.toTimeString().slice(0, 5);
  const sameDay = date.toDateString() === new Date().toDateString();
  return sameDay ? time : `${since.slice(0, 10)} ${time}`;
}

/** The message for a person whose start found the folder in use. */
export function describeOwner(folder: DataFolder, record: OwnerRecord): string {
  const details = [`pid ${record.pid}`, record.address, `since ${describeSince(record.since)}`].filter(Boolean);
  const server = record.role === 'server';
  const who = server ? 'a Beseda server' : `the Beseda command “${record.role}”`;
  const advice = server ? 'Stop it' : 'Wait until it has ended';
  return `DATA_DIR ${folder.path} is in use by ${who} (${details.join(', ')}).\n${advice}, or choose another DATA_DIR.`;
}
