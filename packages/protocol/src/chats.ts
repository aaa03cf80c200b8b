import { Type, type Static } from 'typebox';
import { ChatFrame, MemberFrame, MessageFrame } from './frames.ts';
import { Message } from './messages.ts';
import { ChatId, described, Mark, MessageId, Nullable, Timestamp, UserId, Version } from './scalars.ts';
import { ChatSettings } from './settings.ts';
import { User } from './users.ts';

export const CreateChat = Type.Object(
  { user_id: described(UserId, 'With whom; oneself: a chat for what one keeps.') },
  { title: 'CreateChat', examples: [{ user_id: 2 }] },
);
export type CreateChat = Static<typeof CreateChat>;

/** A chat as one of its members sees it. */
export const Chat = Type.Object(
  {
    id: ChatId,
    name: Type.String({
      description: "The group's name, or the name of the other person; empty in the chat with oneself.",
      examples: ['user2'],
    }),
    is_group: Type.Boolean({ description: 'Whether it is a group; false: a personal chat.', examples: [false] }),
    creator_id: Nullable(described(UserId, 'The creator of the group; null for a personal chat.')),
    peer: Nullable(
      described(User, 'The other person of a personal chat; null for a group, and in the chat with oneself.'),
    ),
    version: Version,
    last_message_id: described(Mark, 'The id of the newest message; 0 where there is none.'),
    last_message: Nullable(described(Message, 'The newest message; null where there is none.')),
    last_read_id: Mark,
    unread_count: Type.Integer({
      minimum: 0,
      description: 'Messages past the own mark, or from the one on that is marked as unread, whichever are more.',
      examples: [2],
    }),
    marked_unread_id: Nullable(
      described(MessageId, 'The message from which on the user has marked the chat as unread; null: none.'),
    ),
    ...ChatSettings.properties,
    created_at: described(Timestamp, 'When the chat began.'),
  },
  { title: 'Chat', description: 'A chat as one of its members sees it.' },
);
export type Chat = Static<typeof Chat>;

export const Inbox = Type.Object(
  { chats: Type.Array(Chat, { description: 'The latest activity first.' }) },
  { title: 'Inbox', description: 'All chats of the user.' },
);
export type Inbox = Static<typeof Inbox>;

export const Changes = Type.Object(
  {
    chat_id: ChatId,
    version: Version,
    reset: Type.Boolean({
      description: 'True: too much has changed to tell; drop what you hold and read the history anew.',
    }),
    changes: Type.Array(Type.Union([MessageFrame, MemberFrame, ChatFrame]), {
      description: 'The present state of all that changed, in version order, as the frames that sockets get.',
    }),
  },
  { title: 'Changes', description: 'What has changed in a chat since a version.' },
);
export type Changes = Static<typeof Changes>;
