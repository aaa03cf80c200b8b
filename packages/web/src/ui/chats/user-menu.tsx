import { Menu } from '@base-ui/react/menu';

import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { themes } from '../../state/preferences.ts';
import { languageNames, languageTags } from '../../words/languages.ts';
import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { usePeople, useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './user-menu.module.css';

/** Oneself: the theme, the language, the way out. */
export function UserMenu({ self }: { self: number }) {
  const words = useWords();
  const { account, preferences, notices } = useWorld();
  const { theme, language } = useWatched(preferences);
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
            <Menu.RadioGroup
              value={theme}
              onValueChange={(value: typeof theme) => preferences.change({ theme: value })}
            >
              <Menu.Group>
                <Menu.GroupLabel className={popup.label}>{words.theme}</Menu.GroupLabel>
                {themes.map((choice) => (
                  <Choice key={choice} value={choice} text={words.themes[choice]} />
                ))}
              </Menu.Group>
            </Menu.RadioGroup>
            <Menu.RadioGroup
              value={language}
              onValueChange={(value: typeof language) => preferences.change({ language: value })}
            >
              <Menu.Group>
                <Menu.GroupLabel className={popup.label}>{words.language}</Menu.GroupLabel>
                {languageTags.map((tag) => (
                  <Choice key={tag} value={tag} text={languageNames[tag]} />
                ))}
              </Menu.Group>
            </Menu.RadioGroup>
            <div className={popup.rule} />
            <Menu.Item className={popup.item} onClick={() => void account.signOut()}>
              <Icon name="signOut" />
              {words.signOut}
            </Menu.Item>
            <Menu.Item
              className={popup.item}
              onClick={() => {
                // Where the other sessions could not be ended, this one stays too, and its owner may try again.
                void notices.attempt('signOutEverywhere', async () => account.signOutEverywhere());
              }}
            >
              <Icon name="signOut" />
              {words.signOutEverywhere}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Choice({ value, text }: { value: string; text: string }) {
  return (
    <Menu.RadioItem className={popup.item} value={value} closeOnClick={false}>
      {text}
      <Menu.RadioItemIndicator className={popup.check}>
        <Icon name="check" />
      </Menu.RadioItemIndicator>
    </Menu.RadioItem>
  );
}
