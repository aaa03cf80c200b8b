import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where the built client is. */
export const WEB_FOLDER = join(ROOT, 'packages', 'web', 'dist');

/** The file in {@link WEB_FOLDER} that says which sources it was built from. */
export const STAMP = '.stamp';

/** All that the built client is made of; the lock file stands for the libraries. */
const SOURCES = [
  'packages/{web,client,protocol}/src/**/*.{ts,tsx,css}',
  'packages/web/{build,public,worker}/**/*',
  'packages/web/{index.html,package.json}',
  'package-lock.json',
];

/** The folders in which they are. */
export const SOURCE_FOLDERS = ['web/src', 'web/build', 'web/public', 'web/worker', 'client/src', 'protocol/src'].map(
  (folder) => join(ROOT, 'packages', folder),
);

/** A mark of the present sources: the same for the same content, on any machine. */
export function sourceMark(): string {
  const files = globSync(SOURCES, { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test|testing)\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(file.slice(ROOT.length).split(sep).join('/')).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Which sources the built client is of; undefined where there is none. */
export function builtMark(): string | undefined {
  try {
    return readFileSync(join(WEB_FOLDER, STAMP), 'utf8');
  } catch {
    return undefined;
  }
}
