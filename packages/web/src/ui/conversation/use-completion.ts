import { systemClock } from '@beseda/client/clock.ts';
import { useEffect, useState } from 'react';
import { createCompletion, type Completion, type Suggestions } from '../../state/completion.ts';
import type { Emoji } from '../../state/emoji.ts';
import { createFindingPeople } from '../../state/finding-people.ts';
import { ASKED, membersKnown } from '../../state/mentionable.ts';
import { useWatched } from '../use-watched.ts';
import { useWorld, type World } from '../world.ts';

/** What completes the words that are written in a chat. */
export function useCompletion(
  chatId: number,
  self: number,
): { completion: Completion; shown: Suggestions | undefined } {
  const world = useWorld();
  const [made] = useState(() => make(world, chatId, self));

  useEffect(() => {
    const { people, client } = world;
    const { refresh } = made.completion;
    const stops = [
      people.watch(refresh),
      client.store.watch({ of: 'members', chatId }, refresh),
      // Of a large group not everyone is known: those whom the server finds become so.
      made.finding.watch(() => made.finding.get().people.forEach((person) => people.learn(person))),
    ];
    return () => stops.forEach((stop) => stop());
  }, [world, made, chatId]);

  return { completion: made.completion, shown: useWatched(made.completion) };
}

function make({ client, people, habits, preferences }: World, chatId: number, self: number) {
  const { store, api } = client;
  const finding = createFindingPeople(async (query) => api.account.findPeople(query, 20), self, systemClock);
  let find: ((query: string) => { emoji: Emoji; char: string }[]) | undefined;
  let reading = false;

  async function read(): Promise<void> {
    reading = true;
    try {
      const { emojiFinder } = await import('../emoji/emoji-finder.ts');
      find = await emojiFinder(preferences.get().language, habits);
      completion.refresh();
    } catch {
      // Without a network, and with nothing kept, there is nothing to complete with; the next key tries again.
    } finally {
      reading = false;
    }
  }

  const completion = createCompletion({
    people(query) {
      if ((store.members(chatId)?.length ?? 0) > ASKED) finding.type(query);
      return membersKnown(store, people, chatId, self).filter(({ id }) => id !== self);
    },
    emoji(query) {
      if (find === undefined && !reading) void read();
      return find?.(query) ?? [];
    },
  });
  return { completion, finding };
}
