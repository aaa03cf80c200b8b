import { Type, type Static } from 'typebox';
import { ChatFrame, MemberFrame, MessageFrame } from './frames.ts';
import { Message } from './messages.ts';
import { ChatId, Mark, Nullable, Timestamp, UserId, Version } from './scalars.ts';
import { User } from './users.ts';

export const CreateChat = Type.Object({ user_id: UserId }, { title: 'CreateChat' });
export type CreateChat = Static<typeof CreateChat>;

/** A chat as one of its members sees it. */
export const Chat = Type.Object(
  {
    id: ChatId,
    name: Type.String({ description: "The group's name, or the name of the other person.", examples: ['user2'] }),
    is_group: Type.Boolean({ description: 'Whether it is a group; false: a personal chat of two.' }),
    creator_id: Nullable(UserId),
    peer: Nullable(User),
    version: Version,
    last_message_id: Mark,
    last_message: Nullable(Message),
    last_read_id: Mark,
    unread_count: Type.Integer({ minimum: 0, description: 'Messages past the own mark.', examples: [2] }),
    created_at: Timestamp,
  },
  { title: 'Chat' },
);
export type Chat = Static<typeof Chat>;

export const Inbox = Type.Object({ chats: Type.Array(Chat) }, { title: 'Inbox' });
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
  { title: 'Changes' },
);
export type Changes = Static<typeof Changes>;
