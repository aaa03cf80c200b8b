import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { StartupError } from '../../startup-error.ts';
import type { DataFolder } from './data-folder.ts';
import { giveToFolderOwner } from './data-folder.ts';
import { codeOf, explaining } from './file-problem.ts';

async function readOrUndefined(folder: DataFolder): Promise<string | undefined> {
  return explaining(`The database password ${folder.password} cannot be read`, async () => {
    try {
      return (await readFile(folder.password, 'utf8')).trim();
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/** The password of an existing cluster. */
export async function readPassword(folder: DataFolder): Promise<string> {
  const password = await readOrUndefined(folder);
  if (password) return password;
  throw new StartupError(
    `DATA_DIR ${folder.path} has a database but not its password: ${folder.password} is missing or empty.\n` +
      'Put that file back from your backup; it belongs to the same DATA_DIR.',
  );
}

/**
 * The password for a cluster about to be made. It is on disk before the cluster is, and one left by a first start
 * that broke off is used again: so no cluster can ever stand without its password.
 */
export async function preparePassword(folder: DataFolder): Promise<string> {
  const existing = await readOrUndefined(folder);
  if (existing) return existing;
  const password = randomBytes(24).toString('base64url');
  await explaining(`The database password ${folder.password} cannot be written`, async () => {
    const draft = `${folder.password}.${randomBytes(4).toString('hex')}`;
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${password}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    giveToFolderOwner(folder, draft);
    await rename(draft, folder.password);
  });
  return password;
}
