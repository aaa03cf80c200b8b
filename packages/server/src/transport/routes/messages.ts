import { MAX_ID, PAGE_SIZE, TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import { Message, SendMessage } from '@beseda/protocol/messages.ts';
import { ChatId, ClientId, MessageId } from '@beseda/protocol/scalars.ts';
import { Type, type Static } from 'typebox';
import { history, type Page } from '../../domain/history.ts';
import { invalidField } from '../../domain/problem.ts';
import { readByOthers } from '../../domain/furthest-marks.ts';
import { trimmedText } from '../../domain/text.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

const OneChat = Type.Object({ chat_id: ChatId });

const HistoryQuery = Type.Object({
  limit: Type.Integer({
    minimum: PAGE_SIZE.min,
    maximum: PAGE_SIZE.max,
    default: PAGE_SIZE.default,
    description: 'How many messages at most.',
    examples: [PAGE_SIZE.default],
  }),
  offset: Type.Optional(
    Type.Integer({ minimum: 0, maximum: MAX_ID, description: 'How many of the newest to pass over.', examples: [0] }),
  ),
  before: Type.Optional({ ...MessageId, description: 'Messages older than this one.' }),
  after: Type.Optional({ ...MessageId, minimum: 0, description: 'Messages that follow this one.' }),
});

/** `POST /messages/{chat_id}/send`, `GET /messages/history/{chat_id}` */
export function messageRoutes(api: Api, context: Context): void {
  api.post(
    '/messages/:chat_id/send',
    {
      schema: {
        tags: ['messages'],
        operationId: 'sendMessage',
        summary: 'Send a message',
        description:
          'Answers once the message is stored. With a `client_id` (or the header `Idempotency-Key`) the same message ' +
          'can be sent again safely: the answer is the first one, with `Idempotency-Replayed: true`. `reply_to` names ' +
          'the message of this chat that it answers, which must not be deleted.',
        params: OneChat,
        headers: Type.Object({ 'idempotency-key': Type.Optional(ClientId) }),
        body: { ...SendMessage, examples: [{ text: 'Hello, world!' }] },
        response: answers(
          { 201: told('The message, stored.', Message) },
          ['chat_not_found', 'message_not_found'],
          'body',
        ),
      },
    },
    async ({ identity, params, headers, body }, reply) => {
      const key = headers['idempotency-key']?.toLowerCase();
      const clientId = body.client_id?.toLowerCase() ?? key;
      if (key !== undefined && key !== clientId) {
        throw invalidField(['headers', 'idempotency-key'], 'must equal client_id where both are given', 'equal');
      }
      const { message, repeated } = await context.send({
        chatId: params.chat_id,
        senderId: identity.userId,
        text: trimmedText(body.text, TEXT_LENGTH, ['body', 'text']),
        clientId,
        replyTo: body.reply_to,
      });
      const isRead = repeated ? (await readByOthers(context.db, params.chat_id))(message) : false;
      if (repeated) void reply.header('idempotency-replayed', 'true');
      return reply.code(201).send({ ...message, is_read: isRead });
    },
  );

  api.get(
    '/messages/history/:chat_id',
    {
      config: { heavy: true },
      schema: {
        tags: ['messages'],
        operationId: 'listMessages',
        summary: 'History',
        description:
          'Messages, newest first: from the newest (`offset` passes some over), or next to a message (`before`, ' +
          '`after`). Of `offset`, `before` and `after` at most one.',
        params: OneChat,
        querystring: HistoryQuery,
        response: answers({ 200: told('The messages, newest first.', Type.Array(Message)) }, ['chat_not_found']),
      },
    },
    async ({ identity, params, query }): Promise<Message[]> =>
      history(context.db, identity.userId, params.chat_id, page(query)),
  );
}

function page({ limit, offset, before, after }: Static<typeof HistoryQuery>): Page {
  const given = [offset, before, after].filter((value) => value !== undefined);
  if (given.length > 1 && !(given.length === 2 && offset === 0)) {
    throw invalidField(
      ['query', before === undefined ? 'offset' : 'before'],
      'only one of offset, before and after may be given',
      'exclusive',
    );
  }
  if (before !== undefined) return { limit, before };
  if (after !== undefined) return { limit, after };
  return { limit, offset: offset ?? 0 };
}
