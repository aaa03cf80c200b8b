import { tmpdir } from 'node:os';
import type { EmbeddedOptions, EmbeddedPostgres } from './embedded/contract.ts';
import type { Surroundings } from './embedded/open.ts';
import { openIn } from './embedded/open.ts';
import { findNativeFolder } from './embedded/binaries.ts';

export type { EmbeddedOptions, EmbeddedPostgres } from './embedded/contract.ts';

/**
 * Opens the PostgreSQL that Beseda brings along, in a folder of its own, and makes it at the first start. It runs as
 * long as this process does, whichever way that ends, and is started again should it end by itself.
 *
 * @throws StartupError for everything a person can mend: the folder is in use, cannot be written, holds something
 * else, or this platform has no binaries
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const surroundings: Surroundings = {
    native: findNativeFolder(),
    systemCopyFolder: '/var/cache/beseda',
    temporaryFolder: tmpdir(),
  };
  return openIn(surroundings, options);
}
