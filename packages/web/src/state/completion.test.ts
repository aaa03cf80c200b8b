import type { User } from '@beseda/protocol/users.ts';
import { expect, test } from 'vitest';
import { createCompletion, type Completion } from './completion.ts';
import { findEmoji, readEmoji, toned } from './emoji.ts';

const users: User[] = [
  { id: 1, username: 'zoe', display_name: 'Anna Petrova' },
  { id: 2, username: 'anna', display_name: null },
  { id: 3, username: 'boris', display_name: 'Boris Anders' },
  { id: 4, username: 'susanna', display_name: null },
];
const all = readEmoji('😄 👍+\n🎉', ['grinning|smile|happy\nthumbs up|+1 thumbsup|hand\nparty popper|tada|fun']);

function begin(members: readonly User[] = users): Completion {
  return createCompletion({
    people: () => members,
    emoji: (query) => findEmoji(all, query, 8).map((emoji) => ({ emoji, char: toned(emoji, 2) })),
  });
}

/** Text with the caret at the bar. */
function at(text: string): { text: string; caret: number } {
  return { text: text.replace('|', ''), caret: text.indexOf('|') };
}

function keys(text: string, completion = begin()): string[] | undefined {
  completion.write(at(text));
  return completion.get()?.all.map(({ key }) => key);
}

test('after @ come all who are there, by name; letters leave those whose name or a word of it begins so', () => {
  expect(keys('@|')).toEqual(['person-2', 'person-1', 'person-3', 'person-4']);
  expect(keys('hello @an|')).toEqual(['person-2', 'person-1', 'person-3']);
  expect(keys('@ZO|')).toEqual(['person-1']);
  expect(keys('@nobody|')).toBeUndefined();
});

test('a word, an address and code complete to nothing', () => {
  const texts = ['anna|', 'me@an|', '`@an|', '```\n@an|', '@an|na', 'https://x/@an|'];
  expect(texts.filter((text) => keys(text) !== undefined)).toEqual([]);
  expect(keys('`code` @an|')).toHaveLength(3);
});

test('after : and two letters come emoji; what may be meant as it stands does not', () => {
  expect(keys(':ta|')).toEqual(['emoji-🎉']);
  expect(keys('yes :+1|')).toEqual(['emoji-👍🏼']);
  const texts = [':t|', ':)|', ':D|', '12:30|', 'std::ta|', 'http://ta|', ': ta|'];
  expect(texts.filter((text) => keys(text) !== undefined)).toEqual([]);
});

test('what is taken stands in the text with a blank after it, where there is none', () => {
  const completion = begin();
  completion.write(at('ask @an|'));
  expect(completion.take()).toEqual(at('ask @anna |'));
  expect(completion.get()).toBeUndefined();
  completion.write(at('ask @bo| about it'));
  expect(completion.take()).toEqual(at('ask @boris |about it'));
  completion.write(at('done :ta|!'));
  expect(completion.take()).toEqual(at('done 🎉 |!'));
  expect(completion.take()).toBeUndefined();
});

test('the arrows go around; another may be pointed at or named', () => {
  const completion = begin();
  completion.write(at('@|'));
  completion.step(-1);
  expect(completion.get()?.at).toBe(3);
  completion.step(1);
  expect(completion.get()?.at).toBe(0);
  completion.point(2);
  expect(completion.take()).toEqual(at('@boris |'));
  completion.write(at('@|'));
  expect(completion.take(3)).toEqual(at('@susanna |'));
});

test('closed, it stays closed for this word and opens for the next', () => {
  const completion = begin();
  completion.write(at('@a|'));
  completion.close();
  completion.write(at('@an|'));
  expect(completion.get()).toBeUndefined();
  completion.write(at('@an @b|'));
  expect(completion.get()?.all).toHaveLength(1);
});

test('what is sent or left begins anew', () => {
  const completion = begin();
  completion.write(at('@a|'));
  completion.close();
  completion.leave();
  completion.refresh();
  expect(completion.get()).toBeUndefined();
  expect(keys('@|', completion)).toHaveLength(4);
});

test('a caret that moves closes what is open, and opens nothing', () => {
  const completion = begin();
  completion.write(at('@an|'));
  completion.moveCaret(at('@a|n'));
  expect(completion.get()).toBeUndefined();
  completion.moveCaret(at('@an|'));
  completion.refresh();
  expect(completion.get()).toBeUndefined();
});

test('names that come later are shown then', () => {
  const members: User[] = [];
  const completion = begin(members);
  completion.write(at('@a|'));
  expect(completion.get()).toBeUndefined();
  members.push(...users);
  completion.refresh();
  expect(completion.get()?.all).toHaveLength(3);
});
