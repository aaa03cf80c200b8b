import { Dialog } from '@base-ui/react/dialog';
import type { MessageFile } from '@beseda/protocol/files.ts';
import type { KeyboardEvent } from 'react';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import styles from './file-viewer.module.css';
import { useFileLink } from './use-file-link.ts';
import { useZoom } from './use-zoom.ts';

export interface FileViewerProps {
  files: readonly MessageFile[];
  /** Which of them is shown; undefined: the viewer is closed. */
  at: number | undefined;
  onStep: (at: number) => void;
  onClose: () => void;
}

/** Images of a message, one at a time on the whole screen. */
export function FileViewer({ files, at, onStep, onClose }: FileViewerProps) {
  const words = useWords();
  const file = at === undefined ? undefined : files[at];

  function step(by: number): void {
    if (at !== undefined && files[at + by] !== undefined) onStep(at + by);
  }

  function onKeyDown(event: KeyboardEvent): void {
    // What is a message's own must not hear of these.
    event.stopPropagation();
    const forward = words.direction === 'ltr' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') step(event.key === forward ? 1 : -1);
    else if (event.key === 'Escape') onClose();
  }

  return (
    <Dialog.Root open={file !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Popup className={styles.viewer} onKeyDown={onKeyDown}>
          {file !== undefined && at !== undefined && (
            <>
              <header className={styles.head}>
                <Dialog.Title className={styles.name} dir="auto">
                  {file.name}
                </Dialog.Title>
                {files.length > 1 && <span className={styles.count}>{words.hitOf(at + 1, files.length)}</span>}
                <Save file={file} />
                <Dialog.Close className={styles.button} aria-label={words.close}>
                  <Icon name="close" />
                </Dialog.Close>
              </header>
              <Stage key={file.id} file={file} onStep={step} onClose={onClose} />
              {at > 0 && (
                <button
                  type="button"
                  className={styles.step}
                  data-side="before"
                  aria-label={words.imageBefore}
                  onClick={() => step(-1)}
                >
                  <Icon name="back" />
                </button>
              )}
              {at < files.length - 1 && (
                <button
                  type="button"
                  className={styles.step}
                  data-side="after"
                  aria-label={words.imageAfter}
                  onClick={() => step(1)}
                >
                  <Icon name="back" />
                </button>
              )}
            </>
          )}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Save({ file }: { file: MessageFile }) {
  const words = useWords();
  const link = useFileLink(file.id);
  return (
    <a className={styles.button} href={link?.content} download={file.name} aria-label={words.download(file.name)}>
      <Icon name="save" />
    </a>
  );
}

/** The image, which can be brought nearer. */
function Stage({ file, onStep, onClose }: { file: MessageFile; onStep: (by: number) => void; onClose: () => void }) {
  const link = useFileLink(file.id);
  const words = useWords();
  const { stage, image, zoomed } = useZoom({
    onSwipe: (by) => onStep(words.direction === 'ltr' ? by : -by),
    onAway: onClose,
  });
  return (
    <div className={styles.stage} ref={stage} data-zoomed={zoomed}>
      {/* The smaller one is there at once, in the same place. */}
      <div
        ref={image}
        className={styles.frame}
        style={{ '--ratio': `${(file.width ?? 1) / (file.height ?? 1)}`, '--width': `${file.width ?? 0}px` }}
      >
        {link !== undefined && (
          <>
            <img src={link.thumbnail} alt="" draggable={false} />
            <img src={link.content} alt={file.name} draggable={false} />
          </>
        )}
      </div>
    </div>
  );
}
