import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Of the languages one is read besides, by its name: gzipped, in bytes, at most. */
const WORDS = 3_000;

/** The scripts that the page needs at once: those it names, and all that these import. */
function firstScripts(folder: string): string[] {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const source = readFileSync(join(folder, path), 'utf8');
    for (const [, specifier = ''] of source.matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+\.js)["']/g)) {
      visit(posix.join(posix.dirname(path), specifier));
    }
  };
  for (const [, path = ''] of page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)) visit(path);
  return [...found];
}

/** What comes over the wire before the first chat can be used: gzipped scripts, in bytes. NaN where there are none. */
export function firstScriptBytes(folder: string): number {
  const scripts = firstScripts(folder);
  if (scripts.length === 0) return Number.NaN;
  return scripts
    .map((path) => gzipSync(readFileSync(join(folder, path))).length)
    .reduce((sum, size) => sum + size, WORDS);
}
