import type { Client } from '@beseda/client/client.ts';
import type { Clock } from '@beseda/client/clock.ts';
import { FILE_LINKS } from '@beseda/protocol/limits.ts';
import type { FileLinks as Told } from '@beseda/protocol/files.ts';

/** Where a file can be read by its address. */
export type FileLink = Told['links'][number];

/** Addresses of files, asked for together and kept while they are good. */
export interface FileLinks {
  /** Undefined: it is not known yet. */
  known(fileId: string): FileLink | undefined;
  /** @throws ApiError */
  of(fileId: string): Promise<FileLink>;
}

/** So long before their end they are asked for anew, in milliseconds: a video may go on for a while. */
const SPARE_MS = 10 * 60_000;

export function createFileLinks(
  client: { api: { files: Pick<Client['api']['files'], 'links'> } },
  clock: Clock,
): FileLinks {
  const kept = new Map<string, { link: FileLink; until: number }>();
  /** What is asked for with the next request. */
  let next: { ids: Set<string>; answer: Promise<void> } | undefined;

  function known(fileId: string): FileLink | undefined {
    const found = kept.get(fileId);
    return found !== undefined && found.until > clock.now() ? found.link : undefined;
  }

  async function askNext(): Promise<void> {
    // All that is drawn in one turn goes together.
    await Promise.resolve();
    const ids = [...(next?.ids ?? [])];
    next = undefined;
    const { links, expires_in: seconds } = await client.api.files.links(ids);
    const until = clock.now() + seconds * 1000 - SPARE_MS;
    for (const link of links) kept.set(link.file_id, { link, until });
  }

  return {
    known,
    async of(fileId) {
      const found = known(fileId);
      if (found !== undefined) return found;
      if (next === undefined || next.ids.size === FILE_LINKS.max) {
        next = { ids: new Set(), answer: Promise.resolve() };
        next.answer = askNext();
      }
      const { ids, answer } = next;
      ids.add(fileId);
      await answer;
      const link = kept.get(fileId)?.link;
      if (link === undefined) throw new Error(`no link was told for the file ${fileId}`);
      return link;
    },
  };
}
