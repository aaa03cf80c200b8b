import { closeSync, constants, fchmodSync, openSync, readSync, fstatSync, renameSync, statSync } from 'node:fs';
import type { DataFolder } from './data-folder.ts';
import { giveToFolderOwner } from './data-folder.ts';

/** At a start, a log above this size is set aside as postgres.log.1, replacing the one before. */
const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** How much of the log's end is looked at for a message. */
const TAIL_BYTES = 4096;

/** The open log of PostgreSQL, which is handed to its processes as their stdout and stderr. */
export interface ServerLog {
  fd: number;
  /** the last lines written since `mark`, for a message to a person; '' when nothing was */
  tail: (lines: number) => string;
  /** from here on, `tail` shows only what follows */
  mark: () => void;
  close: () => void;
}

function setAsideWhenLarge(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(path, `${path}.1`);
}

/** Opens the log for appending. PostgreSQL gets it as an open file, so it need not reach the folder itself. */
export function openServerLog(folder: DataFolder): ServerLog {
  setAsideWhenLarge(folder.log);
  // A link here, in a folder of another user, would let them aim root's writing at any file.
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const fd = openSync(folder.log, flags, 0o600);
  fchmodSync(fd, 0o600);
  giveToFolderOwner(folder, folder.log);
  let start = fstatSync(fd).size;
  return {
    fd,
    mark: () => {
      start = fstatSync(fd).size;
    },
    tail: (lines) => {
      const size = fstatSync(fd).size;
      const from = Math.max(start, size - TAIL_BYTES);
      const buffer = Buffer.alloc(Math.max(0, size - from));
      const read = readSync(fd, buffer, 0, buffer.length, from);
      return buffer.toString('utf8', 0, read).trimEnd().split('\n').slice(-lines).join('\n');
    },
    close: () => closeSync(fd),
  };
}
