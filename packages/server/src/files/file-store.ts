import type { Readable } from 'node:stream';

/** Where the bytes of files lie, by key. Keys are made by the server: letters, digits, `-` and one `.` at most. */
export interface FileStore {
  /** How many bytes there are under a key; 0 where there is nothing. */
  size(key: string): Promise<number>;
  /**
   * Writes what comes, from an offset on, as it comes: never all of it is in memory. Settles once it is on the disk.
   * Where it ends early, by an error or by the signal, what had come until then stays.
   *
   * @param offset no further than what is there already.
   * @param limit bytes that the key may have in all; what goes past them is left out.
   * @returns how many bytes there are up to where it ended.
   * @throws StorageFullError
   */
  write(key: string, offset: number, bytes: AsyncIterable<Buffer>, limit: number): Promise<number>;
  /** The bytes from `first` to `last`, both included. */
  read(key: string, first: number, last: number): Readable;
  /** Does something with the bytes as a file of this machine. */
  asFile<T>(key: string, act: (path: string) => Promise<T>): Promise<T>;
  /** Puts whole bytes in the place of what is under a key, at once: whoever reads gets the old or the new. */
  replace(key: string, bytes: Buffer): Promise<void>;
  /** Removes what is there; nothing is no error. */
  remove(key: string): Promise<void>;
}

/** There is no room for what was to be written; what was written before is whole. */
export class StorageFullError extends Error {
  override name = 'StorageFullError';
}
