import { expect, test } from 'vitest';
import { firstScriptBytes } from './first-scripts.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

/** What may come over the wire before the first chat can be used: gzipped scripts, in bytes. */
const BUDGET = 180_000;

test('scripts before the first chat stay within their budget', () => {
  expect(firstScriptBytes(WEB_FOLDER)).toBeLessThan(BUDGET);
});
