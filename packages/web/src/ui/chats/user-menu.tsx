import { Menu } from '@base-ui/react/menu';
import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { useOpenSaved } from '../use-open-saved.ts';
import { usePeople } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './user-menu.module.css';

/** Oneself: the settings, the way out. */
export function UserMenu({ self, onSettings }: { self: number; onSettings: () => void }) {
  const words = useWords();
  const { account } = useWorld();
  const openSaved = useOpenSaved();
  const me = usePeople().person(self);
  const name = me === undefined ? '' : nameOf(me);
  return (
    <Menu.Root>
      <Menu.Trigger className={styles.trigger} aria-label={words.yourMenu}>
        <Avatar name={name} seed={personSeed(self)} size="small" />
      </Menu.Trigger>
      <Menu.Portal container={document.querySelector('nav')}>
        <Menu.Positioner className={popup.positioner} sideOffset={6} align="end">
          <Menu.Popup className={popup.menu}>
            <p className={styles.who}>
              {name}
              {me !== undefined && me.display_name !== null && <small>{me.username}</small>}
            </p>
            <div className={popup.rule} />
            <Menu.Item className={popup.item} onClick={openSaved}>
              <Icon name="bookmark" />
              {words.savedMessages}
            </Menu.Item>
            <Menu.Item className={popup.item} onClick={onSettings}>
              <Icon name="settings" />
              {words.settings}
            </Menu.Item>
            <Menu.Item className={popup.item} onClick={() => void account.signOut()}>
              <Icon name="signOut" />
              {words.signOut}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
