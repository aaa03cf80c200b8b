import { Dialog } from '@base-ui/react/dialog';
import { systemClock } from '@beseda/client/clock.ts';
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { createFindingPeople } from '../../state/finding-people.ts';
import { choices, type Choice } from '../../state/switcher.ts';
import { go } from '../navigation.ts';
import { Icon } from '../parts/icon.tsx';
import { useInbox, useWatched } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { ChoiceRow } from './choice-row.tsx';
import styles from './switcher.module.css';
import { useActions, type Action } from './use-actions.ts';

export interface SwitcherSearchProps {
  self: number;
  onNewChat: (group: boolean) => void;
  onKeys: () => void;
  onSettings: () => void;
  onSearch: (query: string) => void;
  onDone: () => void;
}

/** The field, and what fits what is typed there. The keys stay in the field; the arrows choose. */
export function SwitcherSearch({ self, onNewChat, onKeys, onSettings, onSearch, onDone }: SwitcherSearchProps) {
  const words = useWords();
  const { client, people } = useWorld();
  const { store } = client;
  const inbox = useInbox();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { actions, act } = useActions({ onNewChat, onKeys, onSettings });
  const finding = useMemo(
    () => createFindingPeople(async (text) => client.api.account.findPeople(text, 10), self, systemClock),
    [client, self],
  );
  const found = useWatched(finding);
  const query = useDeferredValue(typed);
  const fitting = useMemo(
    () => choices({ query, inbox, store, people: found.people, actions }),
    [query, inbox, store, found.people, actions],
  );
  const asked = query.trim();
  // Not before people were found: who presses Enter at once means the person they named.
  const settled = asked !== '' && found.query === asked && found.state !== 'searching';
  const shown = !settled ? fitting : [...fitting, { kind: 'search' as const, key: 'search', query: asked }];
  const current = shown[Math.min(at, shown.length - 1)];
  const currentKey = current?.key;

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- what is chosen is what is scrolled to
  }, [currentKey]);

  function choose(choice: Choice<Action>): void {
    onDone();
    switch (choice.kind) {
      case 'chat':
        go({ chatId: choice.chatId });
        break;
      case 'message':
        go({ chatId: choice.chatId, messageId: choice.messageId });
        break;
      case 'person':
        people.learn(choice.user);
        client.api.chats.open(choice.user.id).then(
          ({ id }) => go({ chatId: id }),
          // Without a connection nothing opens, of which the line above the list tells.
          () => undefined,
        );
        break;
      case 'search':
        onSearch(choice.query);
        break;
      case 'action':
        act(choice.action);
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || shown.length === 0) return;
    const present = Math.min(at, shown.length - 1);
    if (event.key === 'ArrowDown') setAt((present + 1) % shown.length);
    else if (event.key === 'ArrowUp') setAt((present - 1 + shown.length) % shown.length);
    else if (event.key === 'Enter' && current !== undefined) choose(current);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <Dialog.Title className="hidden">{words.switcher}</Dialog.Title>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          type="text"
          dir="auto"
          role="combobox"
          aria-label={words.switcher}
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={current === undefined ? undefined : `${listId}-${current.key}`}
          placeholder={words.switcherHint}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setAt(0);
            finding.type(target.value);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={styles.list} id={listId} ref={list} role="listbox" aria-label={words.switcher}>
        {shown.map((choice, index) => (
          // The keys are heard by the field, which holds the focus.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- see above
          <div
            key={choice.key}
            id={`${listId}-${choice.key}`}
            className={styles.choice}
            role="option"
            tabIndex={-1}
            aria-selected={choice.key === currentKey}
            onPointerMove={() => setAt(index)}
            onClick={() => choose(choice)}
          >
            <ChoiceRow choice={choice} />
          </div>
        ))}
      </div>
      <p className={styles.nothing} role="status">
        {fitting.length === 0 && found.state !== 'searching' && words.switcherNothing(query.trim())}
      </p>
    </>
  );
}
