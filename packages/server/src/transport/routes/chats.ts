import { Changes, Chat, CreateChat, Inbox } from '@beseda/protocol/chats.ts';
import { ChatPresence } from '@beseda/protocol/presence.ts';
import { ChatId, described, Version } from '@beseda/protocol/scalars.ts';
import { UpdateChatSettings } from '@beseda/protocol/settings.ts';
import { Type } from 'typebox';
import { changesSince } from '../../domain/changes.ts';
import { chatJson, inboxJson } from '../../domain/inbox.ts';
import { presenceIn } from '../../domain/presence.ts';
import { openPersonalChat } from '../../domain/personal-chats.ts';
import { answers, noContent, sendJson, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

/** `GET|POST /chats/`, `GET /chats/{chat_id}`, and of it `/settings`, `/changes` and `/presence`. */
export function chatRoutes(api: Api, context: Context): void {
  const { db } = context;

  api.get(
    '/chats/',
    {
      config: { heavy: true },
      schema: {
        tags: ['chats'],
        operationId: 'listChats',
        summary: 'My chats',
        description: 'The inbox: personal chats and groups with last message and unread count, latest activity first.',
        response: answers({ 200: told('The chats.', Inbox) }, [], 'none'),
      },
    },
    async ({ identity }, reply) => sendJson(reply, await inboxJson(db, identity.userId)),
  );

  api.post(
    '/chats/',
    {
      schema: {
        tags: ['chats'],
        operationId: 'openPersonalChat',
        summary: 'Open a personal chat',
        description:
          'With another user, or with oneself. A pair has one personal chat: where it exists it is the answer, with 200.',
        body: CreateChat,
        response: answers(
          { 200: told('The chat that the pair has.', Chat), 201: told('The new chat.', Chat) },
          ['user_not_found'],
          'body',
        ),
      },
    },
    async ({ identity, body }, reply) => {
      const { chatId, created } = await context.perform(async (tx) =>
        openPersonalChat(tx, identity.userId, body.user_id, context.clock.now()),
      );
      return sendJson(reply.code(created ? 201 : 200), await chatJson(db, identity.userId, chatId));
    },
  );

  api.get(
    '/chats/:chat_id',
    {
      schema: {
        tags: ['chats'],
        operationId: 'getChat',
        summary: 'A chat',
        description: 'As the list of chats has it. Only its members may read it; to everyone else it does not exist.',
        params: Type.Object({ chat_id: ChatId }),
        response: answers({ 200: told('The chat.', Chat) }, ['chat_not_found']),
      },
    },
    async ({ identity, params }, reply) => sendJson(reply, await chatJson(db, identity.userId, params.chat_id)),
  );

  api.patch(
    '/chats/:chat_id/settings',
    {
      schema: {
        tags: ['chats'],
        operationId: 'updateChatSettings',
        summary: 'Mute or pin a chat',
        description: 'For oneself alone, on all devices. What is left out stays.',
        params: Type.Object({ chat_id: ChatId }),
        body: UpdateChatSettings,
        response: answers({ 204: noContent('Set.') }, ['chat_not_found'], 'body'),
      },
    },
    async ({ identity, params, body }, reply) => {
      await context.marking.mark({
        chatId: params.chat_id,
        userId: identity.userId,
        mark: 'settings',
        muted: body.muted,
        pinned: body.pinned,
      });
      return reply.code(204).send();
    },
  );

  api.get(
    '/chats/:chat_id/presence',
    {
      schema: {
        tags: ['chats'],
        operationId: 'getPresence',
        summary: 'Who of a chat is online',
        description:
          'Member by member in chats of up to 100; in larger ones how many are online. Who hides when they are online counts as offline, and is told of no others.',
        params: Type.Object({ chat_id: ChatId }),
        response: answers({ 200: told('Who is online.', ChatPresence) }, ['chat_not_found']),
      },
    },
    async ({ identity, params }): Promise<ChatPresence> =>
      presenceIn(db, identity.userId, params.chat_id, context.presence.isOnline),
  );

  api.get(
    '/chats/:chat_id/changes',
    {
      config: { heavy: true },
      schema: {
        tags: ['chats'],
        operationId: 'listChanges',
        summary: 'What changed in a chat',
        description: 'All that changed after a version, as it stands now: what a socket that was away would be sent.',
        params: Type.Object({ chat_id: ChatId }),
        querystring: Type.Object({
          since: described(Version, 'The version up to which the client holds the chat; 0: nothing.'),
        }),
        response: answers({ 200: told('The changes.', Changes) }, ['chat_not_found']),
      },
    },
    async ({ identity, params, query }, reply) => {
      const changes = await changesSince(context.snapshot, identity.userId, params.chat_id, query.since);
      return (
        reply
          // As sockets do it. By the schema, a union would be checked member by member, and one odd row break the page.
          .type('application/json; charset=utf-8')
          .serializer((answer) => JSON.stringify(answer))
          .send(changes)
      );
    },
  );
}
