import { MAX_ID, PAGE_SIZE } from '@beseda/protocol/limits.ts';
import { Readers } from '@beseda/protocol/marks.ts';
import { ChatId, MessageId, UserId } from '@beseda/protocol/scalars.ts';
import { Type } from 'typebox';
import { readersOf } from '../../domain/readers.ts';
import { answers, noContent, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

const OneMessage = Type.Object({ chat_id: ChatId, message_id: MessageId });

const marks = [
  {
    mark: 'read',
    operationId: 'markRead',
    summary: 'Mark as read',
    description: 'All messages of the chat up to this one. The mark only grows.',
  },
  {
    mark: 'delivered',
    operationId: 'markDelivered',
    summary: 'Mark as delivered',
    description: "All messages of the chat up to this one have reached one of the user's devices. The mark only grows.",
  },
  {
    mark: 'unread',
    operationId: 'markUnread',
    summary: 'Mark as unread',
    description: 'The chat from this message on, for oneself alone. Reading that reaches this message takes it back.',
  },
] as const;

/** `POST /messages/{chat_id}/{message_id}/read|delivered|unread`, `DELETE /chats/{chat_id}/unread`, `GET …/readers` */
export function markRoutes(api: Api, { db, marking }: Context): void {
  for (const { mark, operationId, summary, description } of marks) {
    api.post(
      `/messages/:chat_id/:message_id/${mark}`,
      {
        schema: {
          tags: ['messages'],
          operationId,
          summary,
          description,
          params: OneMessage,
          response: answers({ 204: noContent('Marked.') }, ['chat_not_found', 'message_not_found']),
        },
      },
      async ({ identity, params }, reply) => {
        await marking.mark({ chatId: params.chat_id, userId: identity.userId, mark, messageId: params.message_id });
        return reply.code(204).send();
      },
    );
  }

  api.delete(
    '/chats/:chat_id/unread',
    {
      schema: {
        tags: ['chats'],
        operationId: 'unmarkUnread',
        summary: 'Mark as unread no longer',
        description: 'Takes the mark of unread back; the reading mark stays where it is. Without one, nothing changes.',
        params: Type.Object({ chat_id: ChatId }),
        response: answers({ 204: noContent('Taken back.') }, ['chat_not_found']),
      },
    },
    async ({ identity, params }, reply) => {
      await marking.mark({ chatId: params.chat_id, userId: identity.userId, mark: 'unread', messageId: null });
      return reply.code(204).send();
    },
  );

  api.get(
    '/messages/:chat_id/:message_id/readers',
    {
      schema: {
        tags: ['messages'],
        operationId: 'listReaders',
        summary: 'Who has read a message',
        description:
          'And when, right to the minute. Any member may ask, in groups of any size; by user id, a page at a time.',
        params: OneMessage,
        querystring: Type.Object({
          limit: Type.Integer({
            minimum: PAGE_SIZE.min,
            maximum: PAGE_SIZE.max,
            default: PAGE_SIZE.default,
            description: 'How many people at most.',
            examples: [PAGE_SIZE.default],
          }),
          after: Type.Optional({
            ...UserId,
            minimum: 0,
            maximum: MAX_ID,
            description: 'People past this user id: `next_after` of the page before.',
          }),
        }),
        response: answers({ 200: told('Who has read it.', Readers) }, ['chat_not_found', 'message_not_found']),
      },
    },
    async ({ identity, params, query }): Promise<Readers> =>
      readersOf(db, identity.userId, params.chat_id, params.message_id, {
        limit: query.limit,
        after: query.after ?? 0,
      }),
  );
}
