import { Dialog } from '@base-ui/react/dialog';
import { MAC } from '../mac.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { useWords } from '../use-words.ts';
import styles from './keys-dialog.module.css';

/** By what they are for; several of one line do the same or the like. */
const keys = {
  switcher: [MAC ? '⌘K' : 'Ctrl K'],
  searchAll: [MAC ? '⇧⌘F' : 'Ctrl Shift F'],
  searchChat: [MAC ? '⌘F' : 'Ctrl F'],
  settings: [MAC ? '⌘,' : 'Ctrl ,'],
  newChat: [MAC ? '⌥N' : 'Alt N', MAC ? '⌘N' : 'Ctrl N'],
  nextChat: [MAC ? '⌥↓' : 'Alt ↓', MAC ? '⌥↑' : 'Alt ↑'],
  editLast: ['↑'],
  betweenMessages: ['↑', '↓'],
  reply: ['R'],
  edit: ['E'],
  forward: ['F'],
  save: ['S'],
  pin: ['P'],
  react: ['+'],
  menu: ['Enter'],
  back: ['Esc'],
  keys: ['?'],
} as const;

/** The keys there are. */
export function KeysDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const words = useWords();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={popup.dialog}>
          <header className={styles.head}>
            <Dialog.Title>{words.keys}</Dialog.Title>
            <Dialog.Close className={buttons.icon} aria-label={words.close}>
              <Icon name="close" />
            </Dialog.Close>
          </header>
          {/* It scrolls where the screen is low, so the keyboard must reach it. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above */}
          <dl className={styles.keys} tabIndex={0}>
            {(Object.keys(keys) as (keyof typeof keys)[]).map((name) => (
              <div key={name}>
                <dt>{words.keysList[name]}</dt>
                <dd>
                  {keys[name].map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
