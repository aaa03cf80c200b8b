import { StartupError } from '../../startup-error.ts';

const CAUSES: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'it, or a folder above it, is a file',
  EEXIST: 'it is a file',
  EISDIR: 'it is a folder',
  EIO: 'the disk reports an input/output error',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'it is a symbolic link',
};

/** The `code` of an error of Node or of PostgreSQL, '' when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Turns an error of the file system into one a person can mend; anything else comes back as it is.
 *
 * @param what - what was tried, as the start of a sentence: 'DATA_DIR /srv/data cannot be made'
 */
export function explainFileProblem(error: unknown, what: string): unknown {
  if (error instanceof StartupError) return error;
  const cause = CAUSES[codeOf(error)];
  if (cause === undefined) return error;
  const advice = 'Mend that, or choose another DATA_DIR: a folder that the user who starts Beseda may write to.';
  return new StartupError(`${what}: ${cause}.\n${advice}`, { cause: error });
}

/** Runs `work`, with its file errors explained by `explainFileProblem`. */
export async function explaining<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw explainFileProblem(error, what);
  }
}
