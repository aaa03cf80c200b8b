import type { User } from '@beseda/protocol/users.ts';
import { Suspense, useMemo, useState, type ReactNode } from 'react';
import { membersKnown } from '../../state/mentionable.ts';
import { PersonCard } from '../later.ts';
import { MentionsContext } from '../markdown/mentions.tsx';
import { useChat, useMembers, usePeople } from '../use-watched.ts';
import { useWorld } from '../world.ts';

/** Where texts name the people of a chat; each name shows who that is. */
export function MentionScope({ chatId, self, children }: { chatId: number; self: number; children: ReactNode }) {
  const { store } = useWorld().client;
  const people = usePeople();
  const version = people.version();
  const members = useMembers(chatId);
  const peer = useChat(chatId)?.peer;
  /** Undefined until one is first wanted; then it stays, so that it closes as it should. */
  const [person, setPerson] = useState<{ shown: { user: User; at: Element } | undefined }>();
  const mentions = useMemo(() => {
    let named: Map<string, User> | undefined;
    return {
      self,
      show: (user: User, at: Element) => setPerson({ shown: { user, at } }),
      find(username: string) {
        // Only where something is written after an @ the members are asked for by name.
        named ??= new Map(membersKnown(store, people, chatId, self).map((user) => [user.username.toLowerCase(), user]));
        return named.get(username.toLowerCase());
      },
    };
    // What the store and the people tell changes with these.
    // oxlint-disable-next-line react/memo-dependencies, react-hooks/exhaustive-deps -- see above
  }, [store, people, chatId, self, version, members, peer]);
  return (
    <MentionsContext value={mentions}>
      {children}
      {person !== undefined && (
        <Suspense>
          <PersonCard shown={person.shown} self={self} onClose={() => setPerson({ shown: undefined })} />
        </Suspense>
      )}
    </MentionsContext>
  );
}
