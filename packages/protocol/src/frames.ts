import { Type, type Static } from 'typebox';
import { messageState, MessageText } from './messages.ts';
import { ChatId, ClientId, Mark, MessageId, Nullable, Timestamp, UserId, Version } from './scalars.ts';

const Ref = Type.String({ minLength: 1, maxLength: 64, description: 'Chosen by the client; its answer carries it.' });

// ——— Down: what the server sends. State frames carry the whole present state of one row and the version that made it.

export const MessageFrame = Type.Object(
  { type: Type.Literal('message'), ...messageState },
  { title: 'MessageFrame', description: 'A message as it stands now.' },
);
export type MessageFrame = Static<typeof MessageFrame>;

export const MemberFrame = Type.Object(
  {
    type: Type.Literal('member'),
    chat_id: ChatId,
    version: Version,
    user_id: UserId,
    role: Type.Union([Type.Literal('creator'), Type.Literal('member')]),
    joined_at: Timestamp,
    left_at: Nullable(Timestamp),
  },
  { title: 'MemberFrame', description: 'A member as it stands now; with `left_at` it is one no longer.' },
);
export type MemberFrame = Static<typeof MemberFrame>;

export const ChatFrame = Type.Object(
  {
    type: Type.Literal('chat'),
    chat_id: ChatId,
    version: Version,
    is_group: Type.Boolean(),
    name: Nullable(Type.String()),
    creator_id: Nullable(UserId),
    created_at: Timestamp,
  },
  { title: 'ChatFrame', description: 'What a chat is called and whose it is. A personal chat has no name of its own.' },
);
export type ChatFrame = Static<typeof ChatFrame>;

export const ReadFrame = Type.Object(
  { type: Type.Literal('read'), message_id: Mark, chat_id: ChatId, reader_id: UserId },
  { title: 'ReadFrame', description: "A member's reading mark; it only grows." },
);
export type ReadFrame = Static<typeof ReadFrame>;

export const AckFrame = Type.Object(
  {
    type: Type.Literal('ack'),
    ref: Type.Optional(Ref),
    client_id: Type.Optional(ClientId),
    chat_id: ChatId,
    message_id: MessageId,
    version: Type.Optional(Version),
  },
  { title: 'AckFrame', description: 'What was asked for is committed.' },
);
export type AckFrame = Static<typeof AckFrame>;

export const ErrorFrame = Type.Object(
  {
    type: Type.Literal('error'),
    code: Type.String({ description: 'A code of the error table.' }),
    error: Type.String({ description: 'What happened and what to do, for people.' }),
    ref: Type.Optional(Ref),
    retry_after: Type.Optional(Type.Integer({ description: 'Seconds to wait.' })),
  },
  { title: 'ErrorFrame' },
);
export type ErrorFrame = Static<typeof ErrorFrame>;

/** A durable change: it has a version, and is what `changes` tells. */
export type StateFrame = MessageFrame | MemberFrame | ChatFrame;

/** What the door of one chat sends. */
export type DownFrame = StateFrame | ReadFrame | AckFrame | ErrorFrame;

// ——— Up: what the client sends through the door of one chat.

export const SendFrame = Type.Object(
  {
    type: Type.Literal('message'),
    text: MessageText,
    client_id: Type.Optional(ClientId),
    ref: Type.Optional(Ref),
  },
  { title: 'SendFrame' },
);
export type SendFrame = Static<typeof SendFrame>;

export const MarkReadFrame = Type.Object(
  { type: Type.Literal('read'), message_id: MessageId, ref: Type.Optional(Ref) },
  { title: 'MarkReadFrame' },
);
export type MarkReadFrame = Static<typeof MarkReadFrame>;

/** What the door of one chat takes, by type. */
export const upFrames = { message: SendFrame, read: MarkReadFrame } as const;
export type UpFrame = SendFrame | MarkReadFrame;
