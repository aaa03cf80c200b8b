import { useEffect, useState } from 'react';
import type { FileLink } from '../../state/file-links.ts';
import { linksOf } from './links-of.ts';
import { useWorld } from '../world.ts';

/** Where a file can be read; undefined until that is known. */
export function useFileLink(fileId: string): FileLink | undefined {
  const fileLinks = linksOf(useWorld().client);
  const [told, setTold] = useState<FileLink>();
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      // Without a connection the place stays empty, and is asked for when it is drawn again.
      const link = await fileLinks.of(fileId).catch(() => undefined);
      if (current) setTold(link);
    };
    void ask();
    return () => {
      current = false;
    };
  }, [fileLinks, fileId]);
  return told?.file_id === fileId ? told : fileLinks.known(fileId);
}
