import type { MessageFile } from '@beseda/protocol/files.ts';
import { lookOf } from '../../state/file-looks.ts';
import { FileRow } from './file-row.tsx';
import styles from './played.module.css';
import { useFileLink } from './use-file-link.ts';

/** A video or a sound, with the controls of the browser; it is read as it plays. */
export function Played({ file }: { file: MessageFile }) {
  const link = useFileLink(file.id);
  // What people upload has no words beside it that could be shown.
  return (
    <div className={styles.played}>
      {lookOf(file) === 'video' ? (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- see above
        <video
          className={styles.video}
          src={link?.content}
          controls
          playsInline
          preload="metadata"
          aria-label={file.name}
        />
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- see above
        <audio className={styles.audio} src={link?.content} controls preload="metadata" aria-label={file.name} />
      )}
      <FileRow file={file} />
    </div>
  );
}
