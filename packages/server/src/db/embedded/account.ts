import { execFile } from 'node:child_process';
import { chown, lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CHILD_ENVIRONMENT } from './child-environment.ts';

/** A numeric Unix account that child processes run as. */
export interface Account {
  uid: number;
  gid: number;
}

/** Debian, Alpine and Fedora agree on this number for `nobody`; used only when /etc/passwd does not name one. */
const NOBODY = 65_534;

interface PasswdEntry extends Account {
  name: string;
}

async function readPasswd(): Promise<PasswdEntry[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

async function ownerOf(path: string): Promise<Account | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found && { uid: found.uid, gid: found.gid };
}

/** Whether this process is root, which PostgreSQL refuses to run as. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The account PostgreSQL has to run as, or undefined when that is simply the account of this process.
 *
 * Only root has to choose: the owner of an existing cluster, else the owner of the data folder (so that one start
 * with sudo does not lock a person out of their own folder), else `nobody`.
 */
export async function chooseAccount(dataDir: string, cluster: string): Promise<Account | undefined> {
  if (!isRoot()) return undefined;
  const passwd = await readPasswd();
  for (const path of [cluster, dataDir]) {
    const owner = await ownerOf(path);
    if (owner && owner.uid !== 0) {
      // The group of a folder may be root's; the account's own primary group never lends it more than it has.
      return { uid: owner.uid, gid: passwd.find((entry) => entry.uid === owner.uid)?.gid ?? owner.gid };
    }
  }
  const nobody = passwd.find((entry) => entry.name === 'nobody');
  return { uid: nobody?.uid ?? NOBODY, gid: nobody?.gid ?? NOBODY };
}

/** Whether the account can walk down to the folder; asked of the system itself, which also knows about ACLs. */
export async function canEnter(folder: string, account: Account | undefined): Promise<boolean> {
  const options = { cwd: '/', env: CHILD_ENVIRONMENT, ...account };
  return promisify(execFile)('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], options).then(
    () => true,
    () => false,
  );
}

/** Gives a whole folder to `account`: a cluster restored from a backup by root belongs to root, and PostgreSQL refuses it. */
export async function giveFolder(folder: string, account: Account): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => !entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
  await Promise.all([folder, ...paths].map((path) => chown(path, account.uid, account.gid)));
}
