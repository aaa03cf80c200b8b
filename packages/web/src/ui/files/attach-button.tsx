import { useRef } from 'react';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import { chosenFiles } from './chosen-files.ts';
import type { ChosenFile } from '../../state/file-uploads.ts';

/** The button that asks the device for files. */
export function AttachButton({ className, onChoose }: { className: string; onChoose: (chosen: ChosenFile[]) => void }) {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={`${buttons.icon} ${className}`}
        aria-label={words.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={words.attach}
        onChange={({ currentTarget }) => {
          onChoose(chosenFiles(currentTarget.files ?? []));
          // The same one again is chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
