import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

/** One file of the web client, as it was built. */
export interface WebFile {
  type: string;
  /** By `Content-Encoding`; `identity` is always there. */
  bodies: ReadonlyMap<string, Buffer>;
}

/** The built web client in memory; it is about a megabyte. */
export interface WebFiles {
  /** @param path such as `index.html` or `assets/index-Cq3Jx.js`. */
  get(path: string): WebFile | undefined;
}

const TYPES: Partial<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

const ENCODINGS: Partial<Record<string, string>> = { '.br': 'br', '.gz': 'gzip' };

/** Reads what a build of the web client has made; undefined where the folder holds none. */
export async function readWebFiles(folder: string): Promise<WebFiles | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const bodies = new Map<string, Map<string, Buffer>>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    const path = relative(folder, full).split(sep).join('/');
    const encoding = ENCODINGS[extname(path)];
    const plain = encoding === undefined ? path : path.slice(0, -extname(path).length);
    const known = bodies.get(plain) ?? new Map<string, Buffer>();
    bodies.set(plain, known.set(encoding ?? 'identity', await readFile(full)));
  }
  const files = new Map<string, WebFile>();
  for (const [path, known] of bodies) {
    const type = TYPES[extname(path)];
    if (type !== undefined && known.has('identity')) files.set(path, { type, bodies: known });
  }
  return files.has('index.html') ? files : undefined;
}

/** What changes when the web client is built anew; undefined where there is none. */
export async function buildMark(folder: string): Promise<string | undefined> {
  const found = await stat(join(folder, 'index.html')).catch(() => undefined);
  return found === undefined ? undefined : `${found.ino} ${found.mtimeMs}`;
}
