import type { MessageFile } from '@beseda/protocol/files.ts';
import { Suspense, useState } from 'react';
import { lookOf } from '../../state/file-looks.ts';
import { FileViewer } from '../later.ts';
import { Album } from './album.tsx';
import { FileRow } from './file-row.tsx';
import styles from './message-files.module.css';
import { Played } from './played.tsx';

/** The files of a message: its images together, and a line for each of the others. */
export function MessageFiles({ files }: { files: readonly MessageFile[] }) {
  /** Undefined until one is first looked at. */
  const [shown, setShown] = useState<{ at: number | undefined }>();
  const images = files.filter((file) => lookOf(file) === 'image');
  const others = files.filter((file) => lookOf(file) !== 'image');
  return (
    <div className={styles.files}>
      {images.length > 0 && <Album images={images} onOpen={(at) => setShown({ at })} />}
      {others.map((file) =>
        lookOf(file) === 'file' ? <FileRow key={file.id} file={file} /> : <Played key={file.id} file={file} />,
      )}
      {shown !== undefined && (
        <Suspense>
          <FileViewer
            files={images}
            at={shown.at}
            onStep={(at) => setShown({ at })}
            onClose={() => setShown({ at: undefined })}
          />
        </Suspense>
      )}
    </div>
  );
}
