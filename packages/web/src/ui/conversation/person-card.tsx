import { Popover } from '@base-ui/react/popover';
import type { User } from '@beseda/protocol/users.ts';
import { personSeed } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { go } from '../navigation.ts';
import { Avatar } from '../parts/avatar.tsx';
import buttons from '../parts/button.module.css';
import popup from '../parts/popup.module.css';
import { useNow } from '../use-now.ts';
import { usePresence } from '../use-watched.ts';
import { useMoments, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './person-card.module.css';

export interface PersonCardProps {
  /** Whom, and beside what; undefined: closed. */
  shown: { user: User; at: Element } | undefined;
  self: number;
  onClose: () => void;
}

/** Who someone is that a message names, and the way to a chat with them. */
export function PersonCard({ shown, self, onClose }: PersonCardProps) {
  return (
    <Popover.Root open={shown !== undefined} onOpenChange={(open) => !open && onClose()}>
      <Popover.Portal container={document.querySelector('main')}>
        <Popover.Positioner
          className={popup.positioner}
          anchor={shown?.at ?? null}
          align="start"
          sideOffset={6}
          collisionPadding={8}
        >
          <Popover.Popup className={`${popup.menu} ${styles.card}`}>
            {shown !== undefined && <About user={shown.user} own={shown.user.id === self} onClose={onClose} />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function About({ user, own, onClose }: { user: User; own: boolean; onClose: () => void }) {
  const words = useWords();
  const moments = useMoments();
  const now = useNow();
  const { client, notices } = useWorld();
  const presence = usePresence(user.id);
  const seenAt = presence?.last_seen_at ?? undefined;
  const online = !own && presence?.online === true;
  const seen = seenAt === undefined ? undefined : moments.seen(seenAt, now);
  const below = own ? words.you : online ? words.online : seen;

  async function write(): Promise<void> {
    onClose();
    await notices.attempt('openChat', async () => go({ chatId: (await client.api.chats.open(user.id)).id }));
  }

  return (
    <>
      <div className={styles.who}>
        <Avatar name={nameOf(user)} seed={personSeed(user.id)} online={online} />
        <div>
          <Popover.Title className={styles.name}>{nameOf(user)}</Popover.Title>
          <p>
            @{user.username}
            {below !== undefined && <span data-online={online}>{below}</span>}
          </p>
        </div>
      </div>
      {!own && (
        <button type="button" className={buttons.primary} onClick={() => void write()}>
          {words.writeTo}
        </button>
      )}
    </>
  );
}
