import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupError } from './startup-error.ts';

/**
 * The secret of this installation: made at the first start and kept in the data folder, readable by its owner alone.
 *
 * @throws StartupError when it cannot be read or written, or is not what was written.
 */
export async function installationSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret.key');
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeFile(path, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw unusable(path, error);
  }
  const secret = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(path, error);
  });
  if (secret.trim().length < 32) {
    throw new StartupError(
      `${path} holds no usable key. Delete it to have a new one made (everyone signs in again), or set SECRET_KEY.`,
    );
  }
  return secret.trim();
}

function unusable(path: string, error: unknown): StartupError {
  return new StartupError(
    `DATA_DIR: ${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
  );
}
