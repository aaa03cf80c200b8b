import type { MessageFile } from '@beseda/protocol/files.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './file-row.module.css';
import { useFileLink } from './use-file-link.ts';

/** A file to be saved: its name and its size. */
export function FileRow({ file }: { file: MessageFile }) {
  const words = useWords();
  const link = useFileLink(file.id);
  return (
    <a className={styles.file} href={link?.content} download={file.name} aria-label={words.download(file.name)}>
      <span className={styles.icon}>
        <Icon name="file" />
      </span>
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {file.name}
        </span>
        <span className={styles.size}>{words.fileSize(file.size)}</span>
      </span>
    </a>
  );
}
