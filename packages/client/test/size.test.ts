import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';

/** Bytes that the whole package may take of a page, gzipped, with the protocol and the checking of frames. */
const BOUND = 44_000;

async function bundled(): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../src/client.ts', import.meta.url)),
    platform: 'browser',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  return output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('');
}

test('for a browser the package is small, needs nothing of Node, and makes no functions from text', async () => {
  const code = await bundled();
  expect(gzipSync(code).length).toBeLessThan(BOUND);
  expect(code).not.toMatch(/\bnode:|\brequire\(/);
  // A strict content security policy forbids these.
  expect(code).not.toMatch(/new Function|\bFunction\(|\beval\(/);
});
