import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StorageFullError, type FileStore } from './file-store.ts';

/** What the errors of a disk without room are called: full, past the quota of its user, past the size of one file. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Files in a folder of the disk, which is made when the first one comes. Several servers on one database share it.
 *
 * @param folder absolute.
 */
export function createDiskStore(folder: string): FileStore {
  // Folders with many thousands of entries are slow to list and to back up.
  const pathOf = (key: string): string => join(folder, key.slice(0, 2), key);

  return {
    async size(key) {
      try {
        return (await stat(pathOf(key))).size;
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return 0;
        throw error;
      }
    },

    async write(key, offset, bytes, limit) {
      return sayingFull(async () => {
        const file = await openToWrite(pathOf(key));
        try {
          let end = offset;
          for await (const chunk of bytes) {
            const part = chunk.subarray(0, limit - end);
            await writeAll(file, part, end);
            end += part.length;
          }
          await file.datasync();
          return end;
        } finally {
          await file.close();
        }
      });
    },

    read: (key, first, last) => createReadStream(pathOf(key), { start: first, end: last }),

    asFile: async (key, act) => act(pathOf(key)),

    async replace(key, bytes) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const whole = `${path}.new`;
      await sayingFull(async () => {
        const file = await open(whole, 'w', 0o600);
        try {
          await writeAll(file, bytes, 0);
          await file.datasync();
        } finally {
          await file.close();
        }
        await rename(whole, path);
      }).catch(async (error: unknown) => {
        await rm(whole, { force: true });
        throw error;
      });
    },

    remove: async (key) => rm(pathOf(key), { force: true }),
  };
}

async function openToWrite(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // Neither cuts off what is there nor moves to its end.
  return open(path, 'r+').catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return open(path, 'wx+', 0o600);
  });
}

/** A disk that is nearly full may take a part. */
async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  }
}

async function sayingFull<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (FULL.has(codeOf(error) ?? '')) throw new StorageFullError('the disk of the files is full', { cause: error });
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
