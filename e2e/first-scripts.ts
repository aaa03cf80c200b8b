import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';

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
  const size = (path: string): number => gzipSync(readFileSync(join(folder, path))).length;
  return scripts.reduce((sum, path) => sum + size(path), Math.max(...words(folder).map(size)));
}

/** The words of each language; of all of them one is read besides, by its name. */
function words(folder: string): string[] {
  return readdirSync(join(folder, 'assets'))
    .filter((name) => /^[a-z]{2}-[^.]+\.js$/.test(name))
    .map((name) => join('assets', name));
}
