import { execFile } from 'node:child_process';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { StartupError } from '@beseda/server/startup-error.ts';

/** A disk of its own in a file, whose power can be cut. */
export interface Disk {
  /** Where it is mounted. */
  path: string;
  /**
   * Cuts the power of a copy: what was written to the disk by this moment is on it, and nothing else; what the system
   * still held in memory is not. The disk itself goes on. Settles with the copy, mounted as at the next start.
   */
  cutPower(): Promise<{ path: string; remove(): Promise<void> }>;
  remove(): Promise<void>;
}

/** Enough for a PostgreSQL with its log (`max_wal_size` is 256 MB); both files are sparse. */
const DISK_BYTES = 1024 ** 3;
const OUTER_BYTES = 2 * DISK_BYTES;

async function run(command: string, ...args: string[]): Promise<void> {
  await promisify(execFile)(command, args);
}

/**
 * Makes the disk: an ext4 in a file, mounted through a loop device. The file lies in a second such disk, which can be
 * frozen: while it is, the first cannot write, so that its file can be copied as it was at one moment.
 *
 * @param folder where the files lie, and the disks are mounted.
 * @throws StartupError where this system does not allow that.
 */
export async function makeDisk(folder: string): Promise<Disk> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new StartupError('--power-cut needs Linux and root, as it mounts disks of its own (loop devices).');
  }
  const [outerImage, outer, path] = [join(folder, 'outer.img'), join(folder, 'outer'), join(folder, 'disk')];
  const image = join(outer, 'disk.img');
  const undo: (() => Promise<unknown>)[] = [];
  const remove = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };

  async function make(file: string, bytes: number, at: string): Promise<void> {
    await writeFile(file, '');
    await truncate(file, bytes);
    await run('mkfs.ext4', '-q', '-F', file);
    undo.push(await mount(file, at));
  }

  try {
    await make(outerImage, OUTER_BYTES, outer);
    await make(image, DISK_BYTES, path);
  } catch (error) {
    await remove();
    throw new StartupError(`--power-cut: the disk cannot be made: ${String(error)}`);
  }
  let cuts = 0;
  return {
    path,
    async cutPower() {
      cuts += 1;
      const copy = join(folder, `cut-${cuts}.img`);
      await run('fsfreeze', '--freeze', outer);
      try {
        await run('cp', '--sparse=always', image, copy);
      } finally {
        await run('fsfreeze', '--unfreeze', outer);
      }
      const at = join(folder, `cut-${cuts}`);
      const unmount = await mount(copy, at);
      return {
        path: at,
        async remove() {
          await unmount();
          await rm(copy);
        },
      };
    },
    remove,
  };
}

/** Mounts the file system in a file; settles with what takes that back. */
async function mount(file: string, at: string): Promise<() => Promise<void>> {
  await mkdir(at, { recursive: true });
  await run('mount', '-o', 'loop', file, at);
  return async () => {
    await run('umount', at);
    await rm(at, { recursive: true });
  };
}
