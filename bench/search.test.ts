import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('search.ts', import.meta.url));

// That it measures, not what: a time of a shared machine proves nothing.
test('a quick run finds what there is in each of the ways', { timeout: 180_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, '--quick']);
  const lines = stdout.split('\n').filter((line) => /\d\.\d +\d+\.\d$/.test(line));
  expect(lines).toHaveLength(16);
  for (const [name, way] of [
    ['a rare word', 'words'],
    ['a part of a word', 'parts'],
    ['a word with a wrong letter', 'typos'],
  ] as const) {
    expect(lines.find((line) => line.startsWith(name))).toMatch(new RegExp(` [1-9]\\d* +${way} `));
  }
});
