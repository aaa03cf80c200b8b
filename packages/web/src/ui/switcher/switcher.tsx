import { Dialog } from '@base-ui/react/dialog';
import popup from '../parts/popup.module.css';
import { SwitcherSearch, type SwitcherSearchProps } from './switcher-search.tsx';
import styles from './switcher.module.css';

export interface SwitcherProps extends Omit<SwitcherSearchProps, 'onDone'> {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** One field for going anywhere and doing anything, for those who have their hands on the keys. */
export function Switcher({ open, onOpenChange, ...rest }: SwitcherProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={`${popup.dialog} ${styles.dialog}`}>
          <SwitcherSearch {...rest} onDone={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
