import { useEffect, useEffectEvent, useState } from 'react';
import type { ChosenFile } from '../../state/file-uploads.ts';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import { chosenFiles, filesIn } from './chosen-files.ts';
import styles from './drop-zone.module.css';

/** Takes files that are dropped anywhere on the window, and shows so while they hang over it. */
export function DropZone({ name, onDrop }: { name: string; onDrop: (chosen: ChosenFile[]) => void }) {
  const words = useWords();
  const [over, setOver] = useState(false);
  const take = useEffectEvent((files: File[]) => onDrop(chosenFiles(files)));

  useEffect(() => {
    const ending = new AbortController();
    const on = { signal: ending.signal };
    const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;
    // Of each element that is entered one hears, and of each that is left: the window is left with the last of them.
    let within = 0;
    const count = (by: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      within = Math.max(0, within + by);
      setOver(within > 0);
    };
    addEventListener('dragenter', count(1), on);
    addEventListener('dragleave', count(-1), on);
    addEventListener(
      'dragover',
      (event) => {
        if (hasFiles(event)) event.preventDefault();
      },
      on,
    );
    addEventListener(
      'drop',
      (event) => {
        if (!hasFiles(event)) return;
        // The browser would open it in place of the page.
        event.preventDefault();
        within = 0;
        setOver(false);
        take(filesIn(event.dataTransfer));
      },
      on,
    );
    return () => ending.abort();
  }, []);

  if (!over) return null;
  return (
    <div className={styles.zone}>
      <div className={styles.frame}>
        <Icon name="attach" />
        <p className={styles.title}>{words.dropHere}</p>
        <p dir="auto">{words.dropTold(name)}</p>
      </div>
    </div>
  );
}
