import { builtMark, SOURCE_FOLDERS, sourceMark, WEB_FOLDER } from '../../../web/build/sources.ts';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { watchTrees } from './watch-trees.ts';

/**
 * Builds the web client where that is needed, and says so: `npm ci` runs no scripts, so the first start does it, and
 * each start after its sources have changed.
 *
 * @returns the folder that holds it.
 */
export async function prepareWebClient(tell: (line: string) => void): Promise<string> {
  const built = builtMark();
  if (built === sourceMark()) return WEB_FOLDER;
  const resolve = createRequire(import.meta.url).resolve;
  let program: string;
  try {
    // A deployment has the built client and not the tools to build it.
    resolve('vite');
    program = fileURLToPath(new URL('../../../web/build/build.ts', import.meta.url));
  } catch {
    if (built === undefined)
      tell('There is no web client here: it has not been built, and the tools for it are not installed.');
    return WEB_FOLDER;
  }
  tell(`Building the web client${built === undefined ? '' : ', as it has changed'} …`);
  const errors: string[] = [];
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const code = await new Promise<number | null>((ended) => {
    child.once('error', (error) => errors.push(String(error)));
    child.once('close', ended);
  });
  if (code !== 0)
    tell(`The web client could not be built; the rest works. npm run build:web tells more:\n${errors.join('').trim()}`);
  return WEB_FOLDER;
}

/** A pause between changes of a file that an editor writes, in milliseconds. */
const PAUSE_MS = 200;

/**
 * Builds the web client again whenever its sources change; the server notices by itself.
 *
 * @returns what ends that.
 */
export function watchWebClient(tell: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let building = Promise.resolve();
  const buildAfter = async (before: Promise<void>): Promise<void> => {
    await before;
    await prepareWebClient(tell);
  };
  const rebuild = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      building = buildAfter(building);
    }, PAUSE_MS);
  };
  const stopWatching = watchTrees(SOURCE_FOLDERS, rebuild);
  return () => {
    clearTimeout(timer);
    stopWatching();
  };
}
