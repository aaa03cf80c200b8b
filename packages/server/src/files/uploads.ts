import type { Upload } from '@beseda/protocol/files.ts';
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Db } from '../db/open.ts';
import { createFile, noteContent, requireOwnFile, upload, type FileQuotas, type FileRow } from '../domain/files.ts';
import { ProblemError } from '../domain/problem.ts';
import { HEAD_BYTES, isImage, typeByContent, UNKNOWN } from './content-type.ts';
import { StorageFullError, type FileStore } from './file-store.ts';
import { keysOf } from './keys.ts';
import type { ImageMaking } from './image-making.ts';

/** Files on their way to the server. */
export interface Uploads {
  /** @throws ProblemError `file_too_large`, `quota_exceeded`, `storage_full`. */
  begin(ownerId: number, input: { name: string; size: number }): Promise<Upload>;
  /** How far one is. @throws ProblemError `file_not_found`. */
  look(ownerId: number, fileId: string): Promise<Upload>;
  /**
   * Goes on with one. What comes over a connection that ends early stays; the last bytes make it whole.
   *
   * @throws ProblemError `file_not_found`, `wrong_offset`, `file_too_large`, `image_too_large`, `storage_full`.
   */
  append(ownerId: number, fileId: string, part: Part): Promise<Upload>;
}

/** What comes of a file at one time. */
export interface Part {
  /** How many bytes of the file come before it. */
  offset: number;
  /** How many bytes it is said to have; undefined: that is not known. */
  length: number | undefined;
  bytes: AsyncIterable<Buffer>;
}

/** Bytes of an image that is made ready; a larger one is a file like any other. */
const MAX_IMAGE_BYTES = 50 * 1024 * 1024;

export interface UploadParts {
  db: Db;
  store: FileStore;
  images: ImageMaking;
  quotas: FileQuotas;
  clock: Clock;
}

export function createUploads({ db, store, images, quotas, clock }: UploadParts): Uploads {
  /** What is being written, with what ends that. */
  const writers = new Map<string, { stop: () => void; ended: Promise<unknown> }>();

  /** A connection that is lost may take long to be noticed: who comes back goes before it. */
  async function takeOver(fileId: string): Promise<void> {
    for (let writer = writers.get(fileId); writer !== undefined; writer = writers.get(fileId)) {
      writer.stop();
      await writer.ended;
    }
  }

  /** What it is, now that all of it is here. */
  async function finish(row: FileRow): Promise<FileRow> {
    const type = await typeByContent(await headOf(store, row));
    const plain = { type, size: row.size, width: null, height: null, preview: null };
    if (!isImage(type)) return noteContent(db, row.id, plain);
    if (row.size > MAX_IMAGE_BYTES) return noteContent(db, row.id, { ...plain, type: UNKNOWN });
    const made = await store.asFile(row.id, async (path) => images.make(path));
    if (made === 'too large') {
      throw new ProblemError('image_too_large', 'The image has more pixels than can be shown. Send a smaller one.');
    }
    if (made === 'unreadable') return noteContent(db, row.id, { ...plain, type: UNKNOWN });
    const keys = keysOf(row.id);
    await store.replace(keys.thumbnail, made.thumbnail);
    await store.replace(keys.image, made.bytes);
    const { width, height, preview } = made;
    const noted = await noteContent(db, row.id, { type: made.type, size: made.bytes.length, width, height, preview });
    // What came has in it what the camera wrote. Until here it was what an upload goes on from.
    await store.remove(keys.uploaded);
    return noted;
  }

  async function write(row: FileRow, { offset, length = 0, bytes }: Part): Promise<Upload> {
    const here = await store.size(row.id);
    if (row.type !== null || offset !== here) throw wrongOffset(upload(row, here).offset);
    if (offset + length > row.size) {
      throw new ProblemError('file_too_large', `The file was said to have ${row.size} bytes, and more of it comes.`);
    }
    const end = await sayingFull(async () => store.write(row.id, offset, bytes, row.size));
    if (end < row.size) return upload(row, end);
    return upload(await sayingFull(async () => finish(row)), end);
  }

  return {
    async begin(ownerId, input) {
      return upload(await createFile(db, ownerId, { id: randomUUID(), ...input }, quotas, clock.now()), 0);
    },

    async look(ownerId, fileId) {
      const row = await requireOwnFile(db, ownerId, fileId);
      return upload(row, await store.size(fileId));
    },

    async append(ownerId, fileId, part) {
      await requireOwnFile(db, ownerId, fileId);
      await takeOver(fileId);
      const ended = Promise.withResolvers<void>();
      const stopping = new AbortController();
      writers.set(fileId, { stop: () => stopping.abort(), ended: ended.promise });
      try {
        // Who was before may have made it whole.
        const row = await requireOwnFile(db, ownerId, fileId);
        return await write(row, { ...part, bytes: until(part.bytes, stopping.signal) });
      } finally {
        writers.delete(fileId);
        ended.resolve();
      }
    },
  };
}

/** What comes until the signal, or until the connection is lost: from then on nothing is waited for. */
async function* until(bytes: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined));
  });
  const source = bytes[Symbol.asyncIterator]();
  while (!signal.aborted) {
    const next = await Promise.race([source.next().catch(() => undefined), stopped]);
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}

async function headOf(store: FileStore, { id, size }: FileRow): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of store.read(id, 0, Math.min(size, HEAD_BYTES) - 1)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function wrongOffset(offset: number): ProblemError {
  return new ProblemError('wrong_offset', `There are ${offset} bytes of the file here: go on from there.`);
}

async function sayingFull<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof StorageFullError)) throw error;
    throw new ProblemError('storage_full', 'The disk of the server is full. What came until now is kept: try later.', {
      retryAfter: 60,
      cause: error,
    });
  }
}
