import { useEffect } from 'react';
import { personSeed, seedOf } from '../../state/chat-list.ts';
import { nameOf } from '../../state/people.ts';
import { Avatar } from '../parts/avatar.tsx';
import { useChat, useMembers, usePeople } from '../use-watched.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './details-pane.module.css';

/** Who is in a chat. */
export function DetailsPane({ chatId, self }: { chatId: number; self: number }) {
  const words = useWords();
  const { client } = useWorld();
  const chat = useChat(chatId);
  const members = useMembers(chatId);
  const people = usePeople();
  const isGroup = chat?.is_group === true;

  useEffect(() => {
    // Without them the pane shows the name alone; the next time that it is opened asks again.
    if (isGroup && members === undefined) client.loadMembers(chatId).catch(() => undefined);
  }, [client, chatId, isGroup, members]);

  if (chat === undefined) return null;
  const ordered = (members ?? []).toSorted(
    (one, other) =>
      Number(other === chat.creator_id) - Number(one === chat.creator_id) ||
      Number(other === self) - Number(one === self),
  );
  return (
    <div className={styles.details}>
      <div className={styles.hero}>
        <Avatar name={chat.name} seed={seedOf(chat)} group={chat.is_group} size="large" />
        <h2>{chat.name}</h2>
        {chat.peer !== null && <p>{chat.peer.username}</p>}
      </div>
      {chat.is_group && (
        <>
          <h3>
            {words.members} <span>{members?.length}</span>
          </h3>
          <ul>
            {ordered.map((userId) => {
              const person = people.person(userId);
              const name = person === undefined ? '…' : nameOf(person);
              return (
                <li key={userId} className={styles.member}>
                  <Avatar name={name} seed={personSeed(userId)} size="small" />
                  <span>
                    {name}
                    {userId === self && <small>{words.you}</small>}
                  </span>
                  {userId === chat.creator_id && <em>{words.creator}</em>}
                </li>
              );
            })}
          </ul>
        </>
      )}
    </div>
  );
}
