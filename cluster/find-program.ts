import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where systems keep servers; the PATH of an ordinary user often leaves it out. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin'];

/**
 * The absolute path of a program; undefined where there is none.
 *
 * @param path folders to look in, as in the environment variable PATH.
 */
export function findProgram(name: string, path: string, further: readonly string[] = SYSTEM_FOLDERS) {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...further];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
