import type { Readable } from 'node:stream';
import type { Db } from '../db/open.ts';
import { fileNotFound, requireFile } from '../domain/files.ts';
import { ProblemError } from '../domain/problem.ts';
import type { FileStore } from './file-store.ts';
import { keysOf } from './keys.ts';

/** The bytes of a file that its reader may have. */
export interface Content {
  name: string;
  type: string;
  size: number;
  /** From `first` to `last`, both included. */
  read: (first: number, last: number) => Readable;
}

/** Gives bytes to those who may see them now. */
export interface Contents {
  /** @throws ProblemError `file_not_found`, `file_unfinished`. */
  whole(userId: number, fileId: string): Promise<Content>;
  /** The thumbnail of an image. @throws ProblemError the same; of another file `file_not_found`. */
  thumbnail(userId: number, fileId: string): Promise<Content>;
}

export function createContents(db: Db, store: FileStore): Contents {
  const under = (key: string) => (first: number, last: number) => store.read(key, first, last);
  return {
    async whole(userId, fileId) {
      const { name, type, size, width } = await requireFile(db, userId, fileId);
      if (type === null) throw new ProblemError('file_unfinished', `The file ${fileId} is not whole yet.`);
      const { image, uploaded } = keysOf(fileId);
      return { name, type, size, read: under(width === null ? uploaded : image) };
    },
    async thumbnail(userId, fileId) {
      const { name, width } = await requireFile(db, userId, fileId);
      if (width === null) throw fileNotFound(fileId);
      const key = keysOf(fileId).thumbnail;
      return { name: `${name}.webp`, type: 'image/webp', size: await store.size(key), read: under(key) };
    },
  };
}
