import { Type, type Static } from 'typebox';
import { Message } from './messages.ts';
import { Nullable } from './scalars.ts';

export const Highlight = Type.Object(
  {
    start: Type.Integer({ minimum: 0, description: 'The character (code point) that it begins with.', examples: [7] }),
    end: Type.Integer({ minimum: 1, description: 'The character after its last.', examples: [12] }),
  },
  { title: 'Highlight', description: 'A part of the text that was looked for.' },
);
export type Highlight = Static<typeof Highlight>;

export const SearchResult = Type.Object(
  {
    message: { ...Message, description: 'The message as it stands.' },
    highlights: Type.Array(Highlight, {
      description: 'In order, without overlaps; none where filters alone found it.',
    }),
  },
  { title: 'SearchResult' },
);
export type SearchResult = Static<typeof SearchResult>;

/** How what was found holds what was looked for, where `words` found nothing. */
export const searchWays = ['words', 'parts', 'typos'] as const;
export type SearchWay = (typeof searchWays)[number];

export const SearchPage = Type.Object(
  {
    results: Type.Array(SearchResult, { description: 'The best first.' }),
    way: Type.Union([Type.Literal('words'), Type.Literal('parts'), Type.Literal('typos')], {
      description:
        '`words`: the words in any form, or their beginnings. `parts`: no such word was found, but parts of words. ' +
        '`typos`: neither was, but words that differ by one letter.',
      examples: ['words'],
    }),
    next: Nullable(Type.String({ description: 'The `cursor` of the next page; null: there is none.' })),
  },
  { title: 'SearchPage' },
);
export type SearchPage = Static<typeof SearchPage>;
