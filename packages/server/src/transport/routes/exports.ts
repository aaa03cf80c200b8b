import { ChatExport, ExportQuery } from '@beseda/protocol/exports.ts';
import { ChatId } from '@beseda/protocol/scalars.ts';
import { create as contentDisposition } from 'content-disposition';
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { exportChat } from '../../domain/export-chat.ts';
import { invalidField } from '../../domain/problem.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { htmlOf, isTimeZone } from '../exports/html.ts';
import { jsonOf } from '../exports/json.ts';

const TYPES = { json: 'application/json; charset=utf-8', html: 'text/html; charset=utf-8' };

/** `GET /chats/{chat_id}/export` */
export function exportRoutes(api: Api, { db, clock }: Context): void {
  api.get(
    '/chats/:chat_id/export',
    {
      config: { heavy: true },
      schema: {
        tags: ['chats'],
        operationId: 'exportChat',
        summary: 'Take a chat along',
        description:
          'All messages of a chat, oldest first, to be kept: as JSON, or as a page that needs nothing else. It comes ' +
          'as it is read: where the chat is left meanwhile, or the server stops, the answer is cut off.',
        params: Type.Object({ chat_id: ChatId }),
        querystring: ExportQuery,
        response: answers({ 200: told('The chat, as an attachment.', ChatExport) }, ['chat_not_found']),
      },
    },
    async ({ identity, params: { chat_id: chatId }, query }, reply) => {
      const { format, language, time_zone: timeZone } = query;
      if (!isTimeZone(timeZone)) throw invalidField(['query', 'time_zone'], 'must be an IANA name', 'format');
      const exported = await exportChat(db, identity.userId, chatId);
      const now = clock.now();
      const text = format === 'json' ? jsonOf(exported, now) : htmlOf(exported, { language, timeZone, now });
      const name = `${exported.chat.name} ${now.toISOString().slice(0, 10)}.${format}`;
      return (
        reply
          .type(TYPES[format])
          .header('content-disposition', contentDisposition(name))
          // Opened where it came from, the page of a chat must not be one of this origin.
          .header('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'")
          .send(Readable.from(text))
      );
    },
  );
}
