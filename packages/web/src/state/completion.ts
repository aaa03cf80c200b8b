import type { User } from '@beseda/protocol/users.ts';
import type { Emoji } from './emoji.ts';
import { nameOf } from './people.ts';
import { fold, ranked } from './ranking.ts';
import { settable, type Watched } from './watched.ts';

/** What may stand for the word that is being written. */
export type Suggestion =
  | { kind: 'person'; key: string; user: User }
  /** @property char in the tone of the writer. */
  | { kind: 'emoji'; key: string; char: string; label: string; short: string };

export interface Suggestions {
  /** Never empty. */
  all: readonly [Suggestion, ...Suggestion[]];
  /** Which of them is taken by Enter. */
  at: number;
}

/** A text with the place in it where one writes. */
export interface Written {
  text: string;
  caret: number;
}

/** Completes names after `@` and emoji after `:`; undefined where there is nothing to complete. */
export interface Completion extends Watched<Suggestions | undefined> {
  /** A key has changed the text. */
  write(written: Written): void;
  /** The caret alone has moved: what is open follows, and nothing opens. */
  moveCaret(written: Written): void;
  /** Others may fit now: names have come, or the emoji were read. */
  refresh: () => void;
  /** To the next one, around the ends. */
  step(by: 1 | -1): void;
  point: (index: number) => void;
  /** Until another word is begun. */
  close: () => void;
  /** Nothing is written any more. */
  leave: () => void;
  /** The text with one of them in it: the one that stands chosen unless another is named. */
  take(index?: number): Written | undefined;
}

export interface CompletionSources {
  /** Those who may be named in this chat, for a query that may be empty; asked for at each key. */
  people: (query: string) => readonly User[];
  /** The best emoji for a query. Asked for again after {@link Completion.refresh}. */
  emoji: (query: string) => readonly { emoji: Emoji; char: string }[];
}

/** The word before the caret. */
interface Word {
  kind: Suggestion['kind'];
  query: string;
  /** Where its mark stands. */
  from: number;
}

/** At most so many: all are seen at once, above the keyboard of a phone too. */
const MOST = 6;

/** Names hold letters, digits, dots and dashes; after a word, `@` is an address of e-mail. */
const NAME = /(?<![\p{L}\p{N}_.@/-])@([\p{L}\p{N}_.-]{0,50})$/u;

/** Two letters at least: `:)`, `:D` and `12:30` are what they are. */
const EMOJI = /(?<![\p{L}\p{N}_:/])(?::)([\p{L}\p{N}+_-]{2,40})$/u;

export function createCompletion({ people, emoji }: CompletionSources): Completion {
  const shown = settable<Suggestions | undefined>(undefined);
  let written: Written = { text: '', caret: 0 };
  let word: Word | undefined;
  /** Where a word begins that is not to be completed. */
  let closedAt: number | undefined;

  function suggest({ kind, query }: Word): Suggestion[] {
    switch (kind) {
      case 'person':
        return rankedPeople(people(query), query)
          .slice(0, MOST)
          .map((user) => ({ kind, key: `person-${user.id}`, user }));
      case 'emoji':
        return emoji(query)
          .slice(0, MOST)
          .map(({ char, emoji: { label, short } }) => ({ kind, key: `emoji-${char}`, char, label, short }));
    }
  }

  function look(at: number): void {
    const [first, ...rest] = word === undefined || word.from === closedAt ? [] : suggest(word);
    shown.set(first === undefined ? undefined : { all: [first, ...rest], at: Math.min(at, rest.length) });
  }

  return {
    get: shown.get,
    watch: shown.watch,
    write(next) {
      written = next;
      word = wordAt(next);
      if (word?.from !== closedAt) closedAt = undefined;
      look(0);
    },
    moveCaret(next) {
      written = next;
      const now = wordAt(next);
      const moved = now?.from !== word?.from || now?.query !== word?.query;
      word = now?.from === word?.from ? now : undefined;
      if (moved && shown.get() !== undefined) look(0);
    },
    refresh() {
      look(shown.get()?.at ?? 0);
    },
    step(by) {
      const open = shown.get();
      if (open !== undefined) shown.set({ ...open, at: (open.at + by + open.all.length) % open.all.length });
    },
    point(index) {
      const open = shown.get();
      if (open !== undefined && open.at !== index && index < open.all.length) shown.set({ ...open, at: index });
    },
    close() {
      closedAt = word?.from;
      shown.set(undefined);
    },
    leave() {
      word = undefined;
      closedAt = undefined;
      shown.set(undefined);
    },
    take(index) {
      const open = shown.get();
      const choice = open?.all[index ?? open.at];
      if (word === undefined || choice === undefined) return undefined;
      const rest = written.text.slice(written.caret);
      const what = choice.kind === 'person' ? `@${choice.user.username}` : choice.char;
      const start = written.text.slice(0, word.from) + what;
      shown.set(undefined);
      word = undefined;
      // Where a blank follows already, it will do.
      return rest.startsWith(' ')
        ? { text: start + rest, caret: start.length + 1 }
        : { text: `${start} ${rest}`, caret: start.length + 1 };
    },
  };
}

/** Those whom a query names, by the start of their name or of a word of it; the user has left themself out. */
function rankedPeople(users: readonly User[], query: string): User[] {
  const inOrder = users.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const folded = fold(query);
  return ranked(inOrder, folded, (user) => [user.username, nameOf(user)]).filter(
    (user) => folded === '' || [user.username, nameOf(user)].some((name) => wordBegins(fold(name), folded)),
  );
}

function wordBegins(name: string, query: string): boolean {
  return name.startsWith(query) || name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(query));
}

/** The word to complete at the caret, if there is one: not in the middle of another, and not in code. */
function wordAt({ text, caret }: Written): Word | undefined {
  const before = text.slice(0, caret);
  if (/^[\p{L}\p{N}_]/u.test(text.slice(caret)) || inCode(before)) return undefined;
  const name = NAME.exec(before);
  if (name !== null) return { kind: 'person', query: name[1] ?? '', from: name.index };
  const emoji = EMOJI.exec(before);
  return emoji === null ? undefined : { kind: 'emoji', query: emoji[1] ?? '', from: emoji.index };
}

function inCode(before: string): boolean {
  const fences = before.split('```');
  const line = fences.at(-1)?.split('\n').at(-1) ?? '';
  return fences.length % 2 === 0 || line.split('`').length % 2 === 0;
}
