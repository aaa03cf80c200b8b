import type { MessageFile } from '@beseda/protocol/files.ts';
import { albumRows, imageRoom } from '../../state/file-looks.ts';
import { useWords } from '../use-words.ts';
import styles from './album.module.css';
import { Photo } from './photo.tsx';

/** Images side by side and one below the other; one alone is as large as there is room. */
export function Album({ images, onOpen }: { images: readonly MessageFile[]; onOpen: (index: number) => void }) {
  const words = useWords();
  return (
    <div className={styles.album} data-lone={images.length === 1} style={lone(images)}>
      {albumRows(images.length).map(({ start, count }) => (
        <div key={start} className={styles.row} data-count={count} style={{ '--count': count }}>
          {images.slice(start, start + count).map((file, nth) => (
            <button
              key={file.id}
              type="button"
              className={styles.tile}
              aria-label={words.openImage(file.name)}
              onClick={() => onOpen(start + nth)}
            >
              <Photo file={file} />
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Of one image alone, the room that it takes. */
function lone(images: readonly MessageFile[]): Record<`--${string}`, string> {
  const [image] = images;
  if (images.length !== 1 || image === undefined) return {};
  const { width, height } = imageRoom(image);
  return { '--width': `${width}px`, '--ratio': `${width} / ${height}` };
}
