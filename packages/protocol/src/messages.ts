import { Type, type Static } from 'typebox';
import { TEXT_LENGTH } from './limits.ts';
import { ChatId, ClientId, MessageId, Nullable, Timestamp, UserId, Version } from './scalars.ts';

export const MessageText = Type.String({
  minLength: TEXT_LENGTH.min,
  description: `${TEXT_LENGTH.min} to ${TEXT_LENGTH.max} characters after trimming; all of Unicode but NUL and lone surrogates.`,
  examples: ['Hello, world!'],
});

/** The whole present state of a message, as it stands for everyone. */
export const messageState = {
  id: MessageId,
  chat_id: ChatId,
  version: Version,
  sender_id: UserId,
  client_id: Nullable(ClientId),
  text: Type.String({ description: 'Empty once the message is deleted.', examples: ['Hello, world!'] }),
  created_at: Timestamp,
  edited_at: Nullable(Timestamp),
  deleted_at: Nullable(Timestamp),
};

export const Message = Type.Object(
  {
    ...messageState,
    is_read: Type.Boolean({ description: "Whether another member's reading mark has reached the message." }),
  },
  { title: 'Message' },
);
export type Message = Static<typeof Message>;

export const SendMessage = Type.Object(
  { text: MessageText, client_id: Type.Optional(ClientId) },
  { title: 'SendMessage' },
);
export type SendMessage = Static<typeof SendMessage>;
