import type { MessageFile } from '@beseda/protocol/files.ts';
import { useState } from 'react';
import styles from './photo.module.css';
import { useFileLink } from './use-file-link.ts';

/** An image in the room that is kept for it: blurred first, then as it is. */
export function Photo({ file }: { file: MessageFile }) {
  const link = useFileLink(file.id);
  const [here, setHere] = useState(false);
  // What moves does so in the whole alone.
  const source = file.type === 'image/gif' ? link?.content : link?.thumbnail;
  return (
    <span className={styles.photo}>
      {file.preview !== null && !here && (
        <img className={styles.preview} src={`data:image/webp;base64,${file.preview}`} alt="" />
      )}
      {source !== undefined && (
        <img
          className={styles.image}
          data-here={here}
          src={source}
          alt={file.name}
          draggable={false}
          onLoad={() => setHere(true)}
        />
      )}
    </span>
  );
}
