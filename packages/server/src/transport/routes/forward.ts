import { FORWARDED, TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import { Forwarded, ForwardMessages } from '@beseda/protocol/messages.ts';
import { originals } from '../../domain/forward.ts';
import { readByOthers } from '../../domain/furthest-marks.ts';
import { trimmedText } from '../../domain/text.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

/** `POST /messages/forward` */
export function forwardRoutes(api: Api, context: Context): void {
  const { db } = context;

  api.post(
    '/messages/forward',
    {
      schema: {
        tags: ['messages'],
        operationId: 'forwardMessages',
        summary: 'Forward messages',
        description:
          `Up to ${FORWARDED.messages} messages of one chat, to up to ${FORWARDED.chats} chats. Each tells whose words ` +
          'those are, and when they were written, but not where. Answers once all are stored; with a `client_id` for ' +
          'each the same can be asked for again safely, as with a send.',
        body: {
          ...ForwardMessages,
          examples: [{ chat_id: 5, messages: [{ id: 3 }], chat_ids: [6, 7], comment: { text: 'Hello, world!' } }],
        },
        response: answers(
          { 201: told('What was sent, the comments included.', Forwarded) },
          ['chat_not_found', 'message_not_found'],
          'body',
        ),
      },
    },
    async ({ identity: { userId: senderId }, body }, reply) => {
      const { comment } = body;
      const chatIds = [...new Set(body.chat_ids)];
      const said =
        comment === undefined
          ? []
          : [
              {
                text: trimmedText(comment.text, TEXT_LENGTH, ['body', 'comment', 'text']),
                clientId: comment.client_id?.toLowerCase(),
              },
            ];
      const ids = body.messages.map(({ id }) => id);
      const forwarded = (await originals(db, senderId, body.chat_id, ids, chatIds)).map(
        ({ text, files, forwardedFrom }, index) => ({
          text,
          files,
          forwardedFrom,
          clientId: body.messages[index]?.client_id?.toLowerCase(),
        }),
      );
      // All are begun in one turn, so that those of one chat stand in their order.
      const sent = await Promise.all(
        chatIds.flatMap((chatId) =>
          [...said, ...forwarded].map(async (draft) => context.send({ ...draft, chatId, senderId })),
        ),
      );
      const messages = await Promise.all(
        sent.map(async ({ message, repeated }) => ({
          ...message,
          is_read: repeated && (await readByOthers(db, message.chat_id))(message),
        })),
      );
      if (sent.every(({ repeated }) => repeated)) void reply.header('idempotency-replayed', 'true');
      return reply.code(201).send({ messages });
    },
  );
}
