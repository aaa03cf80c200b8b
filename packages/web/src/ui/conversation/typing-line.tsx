import type { Typing } from '@beseda/client/store/presence.ts';
import { nameOf } from '../../state/people.ts';
import { usePeople } from '../use-watched.ts';
import { useWords } from '../use-words.ts';

/** Who types, in one line. It is not read out: it would interrupt all the time. */
export function TypingLine({ typing }: { typing: Typing }) {
  const words = useWords();
  const people = usePeople();
  const names = typing.user_ids.slice(0, 2).map((userId) => {
    const person = people.person(userId);
    return person === undefined ? words.someone : nameOf(person);
  });
  const [one = words.someone, other] = names;
  if (typing.count === 1) return words.typingOne(one);
  return typing.count === 2 && other !== undefined
    ? words.typingTwo(one, other)
    : words.typingMany(one, typing.count - 1);
}
