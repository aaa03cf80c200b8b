import { readdirSync, readFileSync, rmSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { fileURLToPath } from 'node:url';
import { writeServiceWorker } from './service-worker.ts';
import { sourceMark, STAMP, WEB_FOLDER } from './sources.ts';
import { viteConfig } from './vite-config.ts';

// Builds the client beside its place and moves it there whole: a server that starts meanwhile finds the old one, the
// new one or none, and of two builds at once one wins.
const mark = sourceMark();
// Whatever whoever starts the build is up to: React has a slower, larger self for those who develop it.
process.env['NODE_ENV'] = 'production';
const folder = `${WEB_FOLDER}.${process.pid}`;
try {
  await build(viteConfig(folder));
  writeServiceWorker(folder, fileURLToPath(new URL('../worker/service-worker.ts', import.meta.url)), mark);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) compress(join(entry.parentPath, entry.name));
  }
  writeFileSync(join(folder, STAMP), mark);
  rmSync(WEB_FOLDER, { recursive: true, force: true });
  renameSync(folder, WEB_FOLDER);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Once here, at the strongest, and not at each request. Fonts are compressed already. */
function compress(path: string): void {
  if (!['.html', '.js', '.css', '.svg', '.webmanifest'].includes(extname(path))) return;
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
}
