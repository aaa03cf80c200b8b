import { MAX_ID, PAGE_SIZE } from '@beseda/protocol/limits.ts';
import { Message, SendMessage } from '@beseda/protocol/messages.ts';
import { ChatId, ClientId, MessageId } from '@beseda/protocol/scalars.ts';
import { Type, type Static } from 'typebox';
import { historyPage, type Page } from '../../domain/history.ts';
import { invalidField } from '../../domain/problem.ts';
import { readByOthers } from '../../domain/furthest-marks.ts';
import { messageText } from '../../domain/text.ts';
import { answers, sendJson, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { createReadNewest } from '../newest-pages.ts';

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
  from: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'The first messages of this moment or later (RFC 3339, with a zone).',
      examples: ['2026-11-22T00:00:00+03:00'],
    }),
  ),
});

/** `POST /messages/{chat_id}/send`, `GET /messages/history/{chat_id}` */
export function messageRoutes(api: Api, context: Context): void {
  const readNewest = createReadNewest();

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
          'the message of this chat that it answers, which must not be deleted. `files` names what was uploaded before.',
        params: OneChat,
        headers: Type.Object({ 'idempotency-key': Type.Optional(ClientId) }),
        body: { ...SendMessage, examples: [{ text: 'Hello, world!' }] },
        response: answers(
          { 201: told('The message, stored.', Message) },
          ['chat_not_found', 'message_not_found', 'file_not_found', 'file_unfinished'],
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
        text: messageText(body.text, body.files, ['body', 'text']),
        files: body.files,
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
      config: { heavy: true, chatState: true },
      schema: {
        tags: ['messages'],
        operationId: 'listMessages',
        summary: 'History',
        description:
          'Messages, newest first: from the newest (`offset` passes some over), next to a message (`before`, ' +
          '`after`), or the first ones since a moment (`from`). Of `offset`, `before`, `after` and `from` at most one.',
        params: OneChat,
        querystring: HistoryQuery,
        response: answers({ 200: told('The messages, newest first.', Type.Array(Message)) }, ['chat_not_found']),
      },
    },
    async ({ identity, params: { chat_id: chatId }, query, chatState }, reply) => {
      const asked = page(query);
      const read = async () => historyPage(context.db, identity.userId, chatId, asked);
      const isNewest = 'offset' in asked && asked.offset === 0;
      const json = isNewest ? await readNewest({ chatId, limit: asked.limit }, chatState, read) : (await read()).json;
      return sendJson(reply, json);
    },
  );
}

function page({ limit, ...given }: Static<typeof HistoryQuery>): Page {
  const { offset, before, after, from } = given;
  // Who names the default says nothing by it.
  const named = (['before', 'after', 'from', 'offset'] as const).filter(
    (name) => given[name] !== undefined && !(name === 'offset' && offset === 0),
  );
  const [one] = named;
  if (one !== undefined && named.length > 1) {
    throw invalidField(['query', one], 'only one of offset, before, after and from may be given', 'exclusive');
  }
  if (before !== undefined) return { limit, before };
  if (after !== undefined) return { limit, after };
  if (from !== undefined) return { limit, from: moment(from) };
  return { limit, offset: offset ?? 0 };
}

/** @throws ProblemError where it is the 61st second of a minute, which the format allows. */
function moment(text: string): Date {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw invalidField(['query', 'from'], 'must be a moment of a day without leap seconds', 'format');
  // Nothing was sent before 1970, and years that PostgreSQL does not have lie there.
  return new Date(Math.max(0, time));
}
