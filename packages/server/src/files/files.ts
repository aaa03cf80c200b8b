import type { FileLimits } from '@beseda/protocol/files.ts';
import type { FileGrants } from '../domain/file-links.ts';
import type { Contents } from './contents.ts';
import type { Uploads } from './uploads.ts';

/** All that the doors of the server need for files. */
export interface Files {
  uploads: Uploads;
  contents: Contents;
  grants: FileGrants;
  limits: FileLimits;
}
