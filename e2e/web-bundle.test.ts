import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { WEB_FOLDER } from './web-client.testing.ts';

/** What may come over the wire before the first chat can be used: gzipped scripts, in bytes. */
const BUDGET = 180_000;

/** The scripts that the page needs at once: those it names, and all that these import. */
function firstScripts(): string[] {
  const page = readFileSync(join(WEB_FOLDER, 'index.html'), 'utf8');
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const source = readFileSync(join(WEB_FOLDER, path), 'utf8');
    for (const [, specifier = ''] of source.matchAll(/(?:\bfrom|\bimport)\s*["'](\.[^"']+\.js)["']/g)) {
      visit(posix.join(posix.dirname(path), specifier));
    }
  };
  for (const [, path = ''] of page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)) visit(path);
  return [...found];
}

test('scripts before the first chat stay within their budget', () => {
  const scripts = firstScripts();
  // Of the languages one is read besides, by its name.
  const words = 3_000;
  const bytes = scripts.map((path) => gzipSync(readFileSync(join(WEB_FOLDER, path))).length);
  const total = bytes.reduce((sum, size) => sum + size, words);
  expect(scripts.length).toBeGreaterThan(0);
  expect(total).toBeLessThan(BUDGET);
});
