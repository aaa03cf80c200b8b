import { Dialog } from '@base-ui/react/dialog';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { useWords } from '../use-words.ts';
import { AppearanceSettings } from './appearance-settings.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import { PrivacySettings } from './privacy-settings.tsx';
import { SessionSettings } from './session-settings.tsx';
import styles from './settings.module.css';
import { WritingSettings } from './writing-settings.tsx';

/** How one wants it, and where one is signed in. What is changed counts at once. */
export function SettingsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const words = useWords();
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={`${popup.dialog} ${styles.dialog}`}>
          <header className={styles.head}>
            <Dialog.Title>{words.settings}</Dialog.Title>
            <Dialog.Close className={buttons.icon} aria-label={words.close}>
              <Icon name="close" />
            </Dialog.Close>
          </header>
          <div className={styles.body}>
            <AppearanceSettings />
            <WritingSettings />
            <NotificationSettings />
            <PrivacySettings />
            <SessionSettings />
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
