import { Type, type Static } from 'typebox';
import { SentFiles } from './files.ts';
import { messageState, SentText } from './messages.ts';
import { ChatId, ClientId, described, Mark, MessageId, Nullable, Timestamp, UserId, Version } from './scalars.ts';

const Ref = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Chosen by the client; its answer carries it.',
  examples: ['17'],
});

/** What a frame is known by. */
const frameType = <const T extends string>(type: T) =>
  Type.Literal(type, { description: `Always \`${type}\`: what tells this frame from others.` });

// ——— Down: what the server sends. State frames carry the whole present state of one row and the version that made it.

export const MessageFrame = Type.Object(
  { type: frameType('message'), ...messageState },
  { title: 'MessageFrame', description: 'A message as it stands now.' },
);
export type MessageFrame = Static<typeof MessageFrame>;

export const MemberFrame = Type.Object(
  {
    type: frameType('member'),
    chat_id: ChatId,
    version: Version,
    user_id: UserId,
    role: Type.Union([Type.Literal('creator'), Type.Literal('member')], {
      description: 'What the member may do: the creator renames the group and removes others.',
      examples: ['member'],
    }),
    joined_at: described(Timestamp, 'When the member joined.'),
    left_at: Nullable(described(Timestamp, 'When the member left or was removed; null: still in.')),
  },
  { title: 'MemberFrame', description: 'A member as it stands now; with `left_at` it is one no longer.' },
);
export type MemberFrame = Static<typeof MemberFrame>;

export const ChatFrame = Type.Object(
  {
    type: frameType('chat'),
    chat_id: ChatId,
    version: Version,
    is_group: Type.Boolean({ description: 'Whether it is a group; false: a personal chat.', examples: [true] }),
    name: Nullable(
      Type.String({ description: 'The name of the group; null for a personal chat.', examples: ['My Group'] }),
    ),
    creator_id: Nullable(described(UserId, 'The creator of the group; null for a personal chat.')),
    created_at: described(Timestamp, 'When the chat began.'),
  },
  { title: 'ChatFrame', description: 'What a chat is called and whose it is. A personal chat has no name of its own.' },
);
export type ChatFrame = Static<typeof ChatFrame>;

export const ReadFrame = Type.Object(
  { type: frameType('read'), message_id: Mark, chat_id: ChatId, reader_id: described(UserId, 'Whose mark it is.') },
  { title: 'ReadFrame', description: "A member's reading mark; it only grows." },
);
export type ReadFrame = Static<typeof ReadFrame>;

export const AckFrame = Type.Object(
  {
    type: frameType('ack'),
    ref: Type.Optional(Ref),
    client_id: Type.Optional(ClientId),
    chat_id: ChatId,
    message_id: described(Mark, 'The message concerned; 0: none.'),
    version: Type.Optional(Version),
  },
  { title: 'AckFrame', description: 'What was asked for is committed.' },
);
export type AckFrame = Static<typeof AckFrame>;

export const ErrorFrame = Type.Object(
  {
    type: frameType('error'),
    code: Type.String({ description: 'A code of the error table.', examples: ['chat_not_found'] }),
    error: Type.String({ description: 'What happened and what to do, for people.', examples: ['No such chat'] }),
    ref: Type.Optional(Ref),
    retry_after: Type.Optional(Type.Integer({ description: 'Seconds to wait.', examples: [1] })),
  },
  { title: 'ErrorFrame', description: 'What was asked for was refused.' },
);
export type ErrorFrame = Static<typeof ErrorFrame>;

/** A durable change: it has a version, and is what `changes` tells. */
export type StateFrame = MessageFrame | MemberFrame | ChatFrame;

/** What the door of one chat sends. */
export type DownFrame = StateFrame | ReadFrame | AckFrame | ErrorFrame;

// ——— Up: what the client sends through the door of one chat.

export const SendFrame = Type.Object(
  {
    type: frameType('message'),
    text: SentText,
    client_id: Type.Optional(ClientId),
    reply_to: Type.Optional(MessageId),
    files: Type.Optional(SentFiles),
    ref: Type.Optional(Ref),
  },
  { title: 'SendFrame', description: 'Send a message.' },
);
export type SendFrame = Static<typeof SendFrame>;

export const MarkReadFrame = Type.Object(
  { type: frameType('read'), message_id: MessageId, ref: Type.Optional(Ref) },
  { title: 'MarkReadFrame', description: 'All messages up to this one are read.' },
);
export type MarkReadFrame = Static<typeof MarkReadFrame>;

/** What the door of one chat takes, by type. */
export const upFrames = { message: SendFrame, read: MarkReadFrame } as const;
export type UpFrame = SendFrame | MarkReadFrame;
