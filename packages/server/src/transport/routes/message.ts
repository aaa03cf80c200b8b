import type { MessageFrame } from '@beseda/protocol/frames.ts';
import { TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import { EarlierTexts, EditMessage, Message } from '@beseda/protocol/messages.ts';
import { ChatId, MessageId } from '@beseda/protocol/scalars.ts';
import { Type } from 'typebox';
import { deleteMessage, earlierTexts, editMessage } from '../../domain/change-messages.ts';
import { getMessage } from '../../domain/history.ts';
import { oneEmoji, react, takeReactionBack } from '../../domain/reactions.ts';
import { readByOthers } from '../../domain/furthest-marks.ts';
import { trimmedText } from '../../domain/text.ts';
import { answers, noContent, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

const OneMessage = Type.Object({ chat_id: ChatId, message_id: MessageId });
const OneReaction = Type.Object({
  chat_id: ChatId,
  message_id: MessageId,
  emoji: Type.String({ description: 'One emoji, percent-encoded as everything in an address.', examples: ['👍'] }),
});

/** `GET|PATCH|DELETE /messages/{chat_id}/{message_id}`, its earlier texts and its reactions. */
export function oneMessageRoutes(api: Api, context: Context): void {
  const { db, clock, perform } = context;
  /** Looked up once the chat is unlocked: in a big group it means reading every member's mark. */
  const withReading = async (message: MessageFrame): Promise<Message> => ({
    ...message,
    is_read: (await readByOthers(db, message.chat_id))(message),
  });

  api.get(
    '/messages/:chat_id/:message_id',
    {
      schema: {
        tags: ['messages'],
        operationId: 'getMessage',
        summary: 'A message',
        description: 'As it stands now: what a link or a quote leads to. A deleted one has an empty text.',
        params: OneMessage,
        response: answers({ 200: told('The message.', Message) }, ['chat_not_found', 'message_not_found']),
      },
    },
    async ({ identity, params }): Promise<Message> =>
      getMessage(db, identity.userId, params.chat_id, params.message_id),
  );

  api.patch(
    '/messages/:chat_id/:message_id',
    {
      schema: {
        tags: ['messages'],
        operationId: 'editMessage',
        summary: 'Edit a message',
        description: 'Only who wrote it may. The text until now is kept; the same text again changes nothing.',
        params: OneMessage,
        body: { ...EditMessage, examples: [{ text: 'Hello, world!' }] },
        response: answers(
          { 200: told('The message.', Message) },
          ['chat_not_found', 'message_not_found', 'forbidden'],
          'body',
        ),
      },
    },
    async ({ identity, params, body }): Promise<Message> => {
      const text = trimmedText(body.text, TEXT_LENGTH, ['body', 'text']);
      return withReading(
        await perform(async (tx) =>
          editMessage(tx, identity.userId, params.chat_id, params.message_id, text, clock.now()),
        ),
      );
    },
  );

  api.delete(
    '/messages/:chat_id/:message_id',
    {
      schema: {
        tags: ['messages'],
        operationId: 'deleteMessage',
        summary: 'Delete a message',
        description:
          'Who wrote it may, and the creator of the group. Its text, earlier texts and reactions are gone for good.',
        params: OneMessage,
        response: answers({ 204: noContent('Deleted.') }, ['chat_not_found', 'message_not_found', 'forbidden']),
      },
    },
    async ({ identity, params }, reply) => {
      await perform(async (tx) => deleteMessage(tx, identity.userId, params.chat_id, params.message_id, clock.now()));
      return reply.code(204).send();
    },
  );

  api.get(
    '/messages/:chat_id/:message_id/edits',
    {
      schema: {
        tags: ['messages'],
        operationId: 'listEarlierTexts',
        summary: 'Earlier texts of a message',
        description:
          'What it said before each edit. Any member of the chat may read them, until the message is deleted.',
        params: OneMessage,
        response: answers({ 200: told('The texts that edits replaced, oldest first.', EarlierTexts) }, [
          'chat_not_found',
          'message_not_found',
        ]),
      },
    },
    async ({ identity, params }): Promise<EarlierTexts> =>
      earlierTexts(db, identity.userId, params.chat_id, params.message_id),
  );

  api.put(
    '/messages/:chat_id/:message_id/reactions/:emoji',
    {
      schema: {
        tags: ['messages'],
        operationId: 'addReaction',
        summary: 'React to a message',
        description: 'With any one emoji, and with several one after the other; the same again changes nothing.',
        params: OneReaction,
        response: answers({ 200: told('The message.', Message) }, [
          'chat_not_found',
          'message_not_found',
          'too_many_reactions',
        ]),
      },
    },
    async ({ identity, params }): Promise<Message> => {
      const emoji = oneEmoji(params.emoji, ['path', 'emoji']);
      return withReading(
        await perform(async (tx) => react(tx, identity.userId, params.chat_id, params.message_id, emoji, clock.now())),
      );
    },
  );

  api.delete(
    '/messages/:chat_id/:message_id/reactions/:emoji',
    {
      schema: {
        tags: ['messages'],
        operationId: 'removeReaction',
        summary: 'Take a reaction back',
        description: "One's own; where there is none, nothing changes.",
        params: OneReaction,
        response: answers({ 200: told('The message.', Message) }, ['chat_not_found', 'message_not_found']),
      },
    },
    async ({ identity, params }): Promise<Message> => {
      const emoji = oneEmoji(params.emoji, ['path', 'emoji']);
      return withReading(
        await perform(async (tx) => takeReactionBack(tx, identity.userId, params.chat_id, params.message_id, emoji)),
      );
    },
  );
}
