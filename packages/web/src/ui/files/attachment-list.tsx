import { useEffect, useState } from 'react';
import type { Attachment } from '../../state/file-uploads.ts';
import { Icon } from '../parts/icon.tsx';
import { errorText, useWords } from '../use-words.ts';
import styles from './attachment-list.module.css';
import { pictureOf } from './chosen-files.ts';

export interface AttachmentListProps {
  attachments: readonly Attachment[];
  onRemove: (key: number) => void;
  onRetry: (key: number) => void;
}

/** What goes with the next message, and how far each is on its way. */
export function AttachmentList({ attachments, onRemove, onRetry }: AttachmentListProps) {
  const words = useWords();
  return (
    <ul className={styles.list} aria-label={words.attachments}>
      {attachments.map((one) => (
        <Chip key={one.key} attachment={one} onRemove={() => onRemove(one.key)} onRetry={() => onRetry(one.key)} />
      ))}
    </ul>
  );
}

function Chip({
  attachment: { chosen, sent, file, failure },
  onRemove,
  onRetry,
}: {
  attachment: Attachment;
  onRemove: () => void;
  onRetry: () => void;
}) {
  const words = useWords();
  const [picture, setPicture] = useState<string>();
  useEffect(() => {
    const address = pictureOf(chosen);
    // It has to be let go with the view, which making it by the way would not see to.
    // oxlint-disable-next-line react/set-state-in-effect -- see above
    setPicture(address);
    return () => {
      if (address !== undefined) URL.revokeObjectURL(address);
    };
  }, [chosen]);
  const whole = file !== undefined;
  return (
    <li className={styles.chip} data-failed={failure !== undefined}>
      <span className={styles.picture}>
        {picture === undefined ? <Icon name="file" /> : <img src={picture} alt="" />}
      </span>
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {chosen.name}
        </span>
        {failure === undefined ? (
          <span className={styles.size}>{whole ? words.fileSize(chosen.size) : words.uploaded(sent, chosen.size)}</span>
        ) : (
          <span className={styles.failure} role="alert">
            {errorText(words, failure)}{' '}
            <button type="button" onClick={onRetry}>
              {words.retry}
            </button>
          </span>
        )}
      </span>
      <button type="button" className={styles.remove} aria-label={words.remove(chosen.name)} onClick={onRemove}>
        <Icon name="close" />
      </button>
      {!whole && failure === undefined && (
        <progress
          className={styles.progress}
          value={sent}
          max={chosen.size}
          aria-label={words.uploading(chosen.name)}
        />
      )}
    </li>
  );
}
