import type { ChatView } from '@beseda/client/store/views.ts';
import { Suspense, useState } from 'react';
import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { MemberMenu } from '../later.ts';
import { go } from '../navigation.ts';
import { Avatar } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { usePeople, usePresence } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import { useNow } from '../use-now.ts';
import { useWorld } from '../world.ts';
import styles from './details-pane.module.css';
import type { GroupAsk } from './group-ask.ts';

export interface MembersProps {
  chat: ChatView;
  members: readonly number[];
  self: number;
  onAsk: (ask: GroupAsk) => void;
}

/** So many at a time: each is asked for by name once it is shown. */
const PAGE = 100;

/** Who is in a group: its creator first, then oneself. */
export function Members({ chat, members, self, onAsk }: MembersProps) {
  const { client, notices } = useWorld();
  const [menu, setMenu] = useState<{ userId: number; name: string; button: Element }>();
  const words = useWords();
  const [shown, setShown] = useState(PAGE);
  const [menuWanted, setMenuWanted] = useState(false);
  const rank = (userId: number): number => (userId === chat.creator_id ? 0 : userId === self ? 1 : 2);

  async function write(userId: number): Promise<void> {
    await notices.attempt('openChat', async () => go({ chatId: (await client.api.chats.open(userId)).id }));
  }

  return (
    <>
      <ul>
        {members
          .toSorted((one, other) => rank(one) - rank(other))
          .slice(0, shown)
          .map((userId) => (
            <Member
              key={userId}
              userId={userId}
              own={userId === self}
              creator={userId === chat.creator_id}
              onMore={(name, button) => {
                setMenuWanted(true);
                setMenu({ userId, name, button });
              }}
            />
          ))}
      </ul>
      {members.length > shown && (
        <button type="button" className={buttons.quiet} onClick={() => setShown(shown + PAGE)}>
          {words.showMore}
        </button>
      )}
      {menuWanted && (
        <Suspense>
          <MemberMenu
            place={menu}
            creator={chat.creator_id === self}
            onWrite={(userId) => void write(userId)}
            onAsk={onAsk}
            onClose={() => setMenu(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}

interface MemberProps {
  userId: number;
  own: boolean;
  creator: boolean;
  onMore: (name: string, button: Element) => void;
}

function Member({ userId, own, creator, onMore }: MemberProps) {
  const words = useWords();
  const moments = useMoments();
  const now = useNow();
  const person = usePeople().person(userId);
  const presence = usePresence(userId);
  const name = person === undefined ? '…' : nameOf(person);
  const seenAt = presence?.last_seen_at ?? undefined;
  const online = !own && presence?.online === true;
  const seen = seenAt === undefined ? undefined : moments.seen(seenAt, now);
  const below = own ? words.you : online ? words.online : seen;
  return (
    <li className={styles.member}>
      <Avatar name={name} seed={personSeed(userId)} size="small" online={online} />
      <span dir="auto">
        {name}
        {below !== undefined && <small data-online={online}>{below}</small>}
      </span>
      {creator && <em>{words.creator}</em>}
      {!own && (
        <button
          type="button"
          className={buttons.icon}
          aria-label={words.memberActions(name)}
          aria-haspopup="menu"
          onClick={({ currentTarget }) => onMore(name, currentTarget)}
        >
          <Icon name="more" />
        </button>
      )}
    </li>
  );
}
