import type { MessageFrame } from '@beseda/protocol/frames.ts';
import { PINS } from '@beseda/protocol/limits.ts';
import { Message, Pins } from '@beseda/protocol/messages.ts';
import { ChatId, MessageId } from '@beseda/protocol/scalars.ts';
import { Type } from 'typebox';
import { readByOthers } from '../../domain/furthest-marks.ts';
import { pin, pinsOf, unpin } from '../../domain/pins.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

const OneMessage = Type.Object({ chat_id: ChatId, message_id: MessageId });

/** `PUT|DELETE /messages/{chat_id}/{message_id}/pin`, `GET /chats/{chat_id}/pins` */
export function pinRoutes(api: Api, { db, clock, perform }: Context): void {
  const withReading = async (message: MessageFrame): Promise<Message> => ({
    ...message,
    is_read: (await readByOthers(db, message.chat_id))(message),
  });

  api.put(
    '/messages/:chat_id/:message_id/pin',
    {
      schema: {
        tags: ['messages'],
        operationId: 'pinMessage',
        summary: 'Pin a message',
        description: `For all in the chat: either of a personal chat may, and the creator of a group. A chat has at most ${PINS.max} pinned messages; one that is pinned stays as it is.`,
        params: OneMessage,
        response: answers({ 200: told('The message.', Message) }, [
          'chat_not_found',
          'message_not_found',
          'forbidden',
          'too_many_pins',
        ]),
      },
    },
    async ({ identity, params }): Promise<Message> =>
      withReading(
        await perform(async (tx) => pin(tx, identity.userId, params.chat_id, params.message_id, clock.now())),
      ),
  );

  api.delete(
    '/messages/:chat_id/:message_id/pin',
    {
      schema: {
        tags: ['messages'],
        operationId: 'unpinMessage',
        summary: 'Unpin a message',
        description: 'Whoever may pin it may. Where it is not pinned, nothing changes.',
        params: OneMessage,
        response: answers({ 200: told('The message.', Message) }, ['chat_not_found', 'message_not_found', 'forbidden']),
      },
    },
    async ({ identity, params }): Promise<Message> =>
      withReading(await perform(async (tx) => unpin(tx, identity.userId, params.chat_id, params.message_id))),
  );

  api.get(
    '/chats/:chat_id/pins',
    {
      schema: {
        tags: ['chats'],
        operationId: 'listPins',
        summary: 'Pinned messages',
        description: 'All of them, to every member. `message` frames tell what changes: `pinned_at` is in each.',
        params: Type.Object({ chat_id: ChatId }),
        response: answers({ 200: told('The pinned messages, the one pinned last first.', Pins) }, ['chat_not_found']),
      },
    },
    async ({ identity, params }): Promise<Pins> => pinsOf(db, identity.userId, params.chat_id),
  );
}
