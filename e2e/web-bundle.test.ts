import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Timestamp } from '../packages/protocol/src/scalars.ts';
import { firstScriptBytes } from './first-scripts.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

/** What may come over the wire before the first chat can be used: gzipped scripts, in bytes. */
const BUDGET = 180_000;

test('what schemas say to readers is left out of the scripts', () => {
  const scripts = readdirSync(join(WEB_FOLDER, 'assets')).filter((name) => name.endsWith('.js'));
  const said = 'RFC 3339 with milliseconds';
  expect(JSON.stringify(Timestamp)).toContain(said);
  expect(scripts.filter((name) => readFileSync(join(WEB_FOLDER, 'assets', name), 'utf8').includes(said))).toEqual([]);
});

test('scripts before the first chat stay within their budget', () => {
  expect(firstScriptBytes(WEB_FOLDER)).toBeLessThan(BUDGET);
});
