import { Dialog } from '@base-ui/react/dialog';
import { systemClock } from '@beseda/client/clock.ts';
import type { User } from '@beseda/protocol/users.ts';
import { useMemo, useState } from 'react';
import { createFindingPeople } from '../../state/finding-people.ts';
import { formProblem } from '../../state/form-problem.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import popup from '../parts/popup.module.css';
import { ChosenPeople } from '../people/chosen-people.tsx';
import { PeopleFound } from '../people/people-found.tsx';
import { PeopleSearch } from '../people/people-search.tsx';
import styles from '../people/new-chat.module.css';
import { useMembers, useWatched } from '../use-watched.ts';
import { errorText, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';

/** People by name, to be added to a group. */
export function AddPeopleDialog({ chatId, self, onClose }: { chatId: number; self: number; onClose: () => void }) {
  const words = useWords();
  const { client, people } = useWorld();
  const members = useMembers(chatId);
  const finding = useMemo(
    () => createFindingPeople(async (query) => client.api.account.findPeople(query, 30), self, systemClock),
    [client, self],
  );
  const found = useWatched(finding);
  const [open, setOpen] = useState(true);
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ code: string; detail: string }>();

  function choose(user: User): void {
    people.learn(user);
    const without = chosen.filter(({ id }) => id !== user.id);
    setChosen(without.length < chosen.length ? without : [...chosen, user]);
  }

  async function add(): Promise<void> {
    setBusy(true);
    try {
      for (const user of chosen) {
        await client.api.groups.addMember(chatId, user.id);
        // Who is in already is asked for no more where the next one is refused.
        setChosen((rest) => rest.filter(({ id }) => id !== user.id));
      }
      setOpen(false);
    } catch (error) {
      setProblem(formProblem(error, []).form);
    } finally {
      setBusy(false);
    }
  }

  const outside = found.people.filter(({ id }) => members?.includes(id) !== true);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen} onOpenChangeComplete={(shown) => !shown && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popup.veil} />
        <Dialog.Popup className={popup.dialog}>
          <form
            className={styles.steps}
            onSubmit={(event) => {
              event.preventDefault();
              void add();
            }}
          >
            <header className={styles.head}>
              <Dialog.Title>{words.addPeople}</Dialog.Title>
              <Dialog.Close className={buttons.icon} aria-label={words.close}>
                <Icon name="close" />
              </Dialog.Close>
            </header>
            <ChosenPeople chosen={chosen} onRemove={choose} />
            <PeopleSearch focused onType={(query) => finding.type(query)} />
            <PeopleFound found={{ ...found, people: outside }} chosen={chosen} onChoose={choose} />
            {problem !== undefined && (
              <p className={styles.problem} role="alert">
                {errorText(words, problem)}
              </p>
            )}
            <footer className={styles.foot}>
              <Dialog.Close className={buttons.quiet}>{words.cancel}</Dialog.Close>
              <button type="submit" className={buttons.primary} disabled={busy || chosen.length === 0}>
                {words.add}
              </button>
            </footer>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
