import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { stripTypeScriptTypes } from 'node:module';

/** The name that the page asks for; it never changes, what is in it does. */
const NAME = 'service-worker.js';

/** Writes the service worker of a build, with the list of the files that it keeps. */
export function writeServiceWorker(folder: string, source: string, mark: string): void {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
    .map((path) => (path === 'index.html' ? '/' : `/${path}`));
  const script = stripTypeScriptTypes(readFileSync(source, 'utf8'));
  writeFileSync(
    join(folder, NAME),
    `const FILES = ${JSON.stringify(files)};\nconst MARK = ${JSON.stringify(mark)};\n${script}`,
  );
}
