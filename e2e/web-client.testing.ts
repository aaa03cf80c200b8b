import { builtMark, sourceMark, WEB_FOLDER } from '../packages/web/build/sources.ts';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Builds the web client once for a run of the tests, unless it is built as its sources stand. */
export default async function buildWebClient(): Promise<void> {
  if (builtMark() === sourceMark()) return;
  const program = fileURLToPath(new URL('../packages/web/build/build.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [program]);
}

export { WEB_FOLDER };
