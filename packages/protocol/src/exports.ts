import { Type, type Static } from 'typebox';
import { Chat } from './chats.ts';
import { messageState } from './messages.ts';
import { Timestamp } from './scalars.ts';
import { User } from './users.ts';

/** How a chat is taken along. */
export const ExportQuery = Type.Object({
  format: Type.Union([Type.Literal('json'), Type.Literal('html')], {
    default: 'json',
    description: '`json` for programs, `html` as a page to be read, which needs nothing else.',
    examples: ['html'],
  }),
  language: Type.Union([Type.Literal('en'), Type.Literal('ru')], {
    default: 'en',
    description: 'The language of the words of the page, and of its dates.',
    examples: ['ru'],
  }),
  time_zone: Type.String({
    default: 'UTC',
    maxLength: 64,
    description: 'The time zone of the times of the page, by its IANA name.',
    examples: ['Europe/Moscow'],
  }),
});
export type ExportQuery = Static<typeof ExportQuery>;

/** What a chat is taken along as, for programs. */
export const ChatExport = Type.Object(
  {
    format: Type.Literal('beseda-chat/1', { description: 'Always `beseda-chat/1`, until the form changes.' }),
    exported_at: Timestamp,
    chat: Type.Pick(Chat, ['id', 'name', 'is_group', 'created_at'], { description: 'Which chat it is.' }),
    messages: Type.Array(Type.Object(messageState), {
      description: 'Oldest first; of deleted ones that they were there.',
    }),
    people: Type.Array(User, {
      description: 'Everyone whom a message names by id: senders, authors of what was forwarded, and who reacted.',
    }),
  },
  { title: 'ChatExport' },
);
export type ChatExport = Static<typeof ChatExport>;
