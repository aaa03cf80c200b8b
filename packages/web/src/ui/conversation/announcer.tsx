import { useEffect, useState } from 'react';
import { nameOf } from '../../state/people.ts';
import { saidOf } from '../files/said-of.ts';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';

/** Reads new messages of the chat out to those who cannot see them. */
export function Announcer({ chatId, self }: { chatId: number; self: number }) {
  const words = useWords();
  const { client, people } = useWorld();
  const [said, setSaid] = useState('');

  useEffect(
    () =>
      client.onMessage((message) => {
        if (message.chat_id !== chatId || message.sender_id === self) return;
        const person = people.person(message.sender_id);
        setSaid(`${person === undefined ? '' : `${nameOf(person)}: `}${saidOf(words, message, words.hiddenText)}`);
      }),
    [client, people, chatId, self, words],
  );

  return (
    <div className="hidden" aria-live="polite">
      {said}
    </div>
  );
}
