import { Dialog } from '@base-ui/react/dialog';
import { systemClock } from '@beseda/client/clock.ts';
import { NAME_LENGTH } from '@beseda/protocol/limits.ts';
import type { User } from '@beseda/protocol/users.ts';
import { useId, useMemo, useState } from 'react';
import { createFindingPeople } from '../../state/finding-people.ts';
import { formProblem } from '../../state/form-problem.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWatched } from '../use-watched.ts';
import { errorText, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './new-chat.module.css';
import { ChosenPeople } from './chosen-people.tsx';
import { PeopleFound } from './people-found.tsx';
import { PeopleSearch } from './people-search.tsx';

/** People by name; and for a group its name and those who are chosen. */
export function NewChatSteps({
  begin: first,
  self,
  onChat,
}: {
  begin: 'chat' | 'group';
  self: number;
  onChat: (chatId: number) => void;
}) {
  const words = useWords();
  const { client, people } = useWorld();
  const nameId = useId();
  const finding = useMemo(
    () => createFindingPeople(async (query) => client.api.account.findPeople(query, 30), self, systemClock),
    [client, self],
  );
  const found = useWatched(finding);
  const [group, setGroup] = useState(first === 'group');
  const [name, setName] = useState('');
  const [members, setMembers] = useState<readonly User[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ code: string; detail: string }>();

  async function begin(open: () => Promise<{ id: number }>): Promise<void> {
    setBusy(true);
    try {
      onChat((await open()).id);
    } catch (error) {
      const { fields, form } = formProblem(error, ['name']);
      setProblem(fields.name ?? form);
    } finally {
      setBusy(false);
    }
  }

  function choose(user: User): void {
    people.learn(user);
    if (!group) {
      void begin(async () => client.api.chats.open(user.id));
      return;
    }
    const chosen = members.some(({ id }) => id === user.id);
    setMembers(chosen ? members.filter(({ id }) => id !== user.id) : [...members, user]);
  }

  return (
    <form
      className={styles.steps}
      onSubmit={(event) => {
        event.preventDefault();
        if (group) void begin(async () => client.api.groups.create({ name, members: members.map(({ id }) => id) }));
      }}
    >
      <header className={styles.head}>
        <Dialog.Title>{group ? words.newGroup : words.newChat}</Dialog.Title>
        <Dialog.Close className={buttons.icon} aria-label={words.close}>
          <Icon name="close" />
        </Dialog.Close>
      </header>
      {group ? (
        <div className={styles.name}>
          <label htmlFor={nameId}>{words.groupName}</label>
          <input
            id={nameId}
            dir="auto"
            value={name}
            maxLength={NAME_LENGTH.max}
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- what was just asked for
            autoFocus
            onChange={({ target }) => setName(target.value)}
          />
        </div>
      ) : (
        <button type="button" className={styles.toGroup} onClick={() => setGroup(true)}>
          <span>
            <Icon name="group" />
          </span>
          {words.newGroup}
        </button>
      )}
      <ChosenPeople chosen={members} onRemove={choose} />
      <PeopleSearch focused={!group} onType={(query) => finding.type(query)} />
      <PeopleFound found={found} chosen={group ? members : undefined} onChoose={choose} />
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {errorText(words, problem)}
        </p>
      )}
      {group && (
        <footer className={styles.foot}>
          <button type="button" className={buttons.quiet} onClick={() => setGroup(false)}>
            {words.cancel}
          </button>
          <button type="submit" className={buttons.primary} disabled={busy || name.trim() === ''}>
            {words.createGroup}
          </button>
        </footer>
      )}
    </form>
  );
}
