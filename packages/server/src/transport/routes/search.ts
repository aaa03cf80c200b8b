import { SEARCH_PAGE, SEARCH_QUERY } from '@beseda/protocol/limits.ts';
import { ChatId, described } from '@beseda/protocol/scalars.ts';
import { SearchPage } from '@beseda/protocol/search.ts';
import { Type } from 'typebox';
import { searchJson } from '../../domain/search.ts';
import { answers, sendJson, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

/** `GET /search` */
export function searchRoutes(api: Api, context: Context): void {
  api.get(
    '/search',
    {
      config: { heavy: true },
      schema: {
        tags: ['messages'],
        operationId: 'searchMessages',
        summary: 'Search messages',
        description:
          'In all chats of the user, or in one: by words in any form (Russian, English, and character by character ' +
          'Chinese, Japanese and Korean), `"phrases"` and filters: `from:` a username or `me`, `in:` a chat, ' +
          '`has:link`, `before:` and `after:` a day (UTC) or a moment. Where no word fits, by parts of words in the ' +
          'newest messages, then by words that differ by one letter. The best first: what fits better, and is newer.',
        querystring: Type.Object({
          query: Type.String({
            minLength: 1,
            maxLength: SEARCH_QUERY.maxLength,
            description: `Words, phrases and filters, at most ${SEARCH_QUERY.maxTerms} words and phrases.`,
            examples: ['garden from:anna after:2026-01-01'],
          }),
          chat_id: Type.Optional(described(ChatId, 'This chat alone.')),
          limit: Type.Integer({
            minimum: SEARCH_PAGE.min,
            maximum: SEARCH_PAGE.max,
            default: SEARCH_PAGE.default,
            description: 'How many at most.',
            examples: [SEARCH_PAGE.default],
          }),
          cursor: Type.Optional(
            Type.String({
              maxLength: 200,
              description: 'The `next` of the page before; for the same query.',
              examples: ['MCAxNzYzODA2NTMwMTIzIDAgMiAwLjg3IDUgMTI'],
            }),
          ),
        }),
        response: answers({ 200: told('What was found.', SearchPage) }, ['chat_not_found']),
      },
    },
    async ({ identity, query }, reply) => {
      const { query: text, chat_id: chatId, limit, cursor } = query;
      const input = { query: text, chatId, limit, cursor };
      return sendJson(reply, await searchJson(context.db, identity.userId, input, context.clock.now()));
    },
  );
}
