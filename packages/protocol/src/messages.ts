import { Type, type Static } from 'typebox';
import { MessageFile, SentFiles } from './files.ts';
import { EDITS_TOLD, FORWARDED, PINS, REACTION_KINDS, REACTION_USERS, TEXT_LENGTH } from './limits.ts';
import { ChatId, ClientId, described, MessageId, Nullable, Timestamp, UserId, Version } from './scalars.ts';

export const MessageText = Type.String({
  minLength: TEXT_LENGTH.min,
  description: `${TEXT_LENGTH.min} to ${TEXT_LENGTH.max} characters after trimming; all of Unicode but NUL and lone surrogates.`,
  examples: ['Hello, world!'],
});

/** The text of a message that may have files, and then needs none. */
export const SentText = Type.String({
  description: `${TEXT_LENGTH.min} to ${TEXT_LENGTH.max} characters after trimming; empty where files are sent.`,
  examples: ['Hello, world!'],
});

/** Facts of the quoted message that never change. Its text is not here: it may be edited or deleted after this. */
export const ReplyTo = Type.Object(
  { id: MessageId, sender_id: UserId },
  { title: 'ReplyTo', description: 'The message of the same chat that this one answers, and whose that is.' },
);
export type ReplyTo = Static<typeof ReplyTo>;

/** What is told of the message that was forwarded: whose it is and when it was written, and not where it stands. */
export const ForwardedFrom = Type.Object(
  { sender_id: UserId, created_at: described(Timestamp, 'When the original was written.') },
  { title: 'ForwardedFrom', description: 'Who wrote the text at first, and when.' },
);
export type ForwardedFrom = Static<typeof ForwardedFrom>;

export const Reaction = Type.Object(
  {
    emoji: Type.String({ description: 'One emoji.', examples: ['👍'] }),
    count: Type.Integer({ minimum: 1, description: 'How many have reacted with it.', examples: [2] }),
    user_ids: Type.Array(UserId, {
      description: `Who, in the order in which they did; at most the first ${REACTION_USERS.max}.`,
      examples: [[2, 3]],
    }),
  },
  { title: 'Reaction' },
);
export type Reaction = Static<typeof Reaction>;

/** The whole present state of a message, as it stands for everyone. */
export const messageState = {
  id: MessageId,
  chat_id: ChatId,
  version: Version,
  sender_id: UserId,
  client_id: Nullable(ClientId),
  text: Type.String({ description: 'Empty once the message is deleted.', examples: ['Hello, world!'] }),
  created_at: Timestamp,
  reply_to: Nullable(ReplyTo),
  reactions: Type.Array(Reaction, {
    description: `By kind, in the order in which each was first used; at most ${REACTION_KINDS.max} kinds.`,
  }),
  files: Type.Array(MessageFile, { description: 'In the order in which they were sent; none once it is deleted.' }),
  edited_at: Nullable(Timestamp),
  deleted_at: Nullable(Timestamp),
  pinned_at: Nullable(described(Timestamp, 'When the message was pinned in its chat; null: it is not.')),
  forwarded_from: Nullable(ForwardedFrom),
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
  {
    text: SentText,
    client_id: Type.Optional(ClientId),
    reply_to: Type.Optional(MessageId),
    files: Type.Optional(SentFiles),
  },
  { title: 'SendMessage' },
);
export type SendMessage = Static<typeof SendMessage>;

export const EditMessage = Type.Object({ text: MessageText }, { title: 'EditMessage' });
export type EditMessage = Static<typeof EditMessage>;

export const EarlierText = Type.Object(
  {
    text: Type.String({ description: 'What the message said until then.', examples: ['Hello, wrold!'] }),
    edited_at: Timestamp,
  },
  { title: 'EarlierText', description: 'A text that an edit replaced, and when it did.' },
);
export type EarlierText = Static<typeof EarlierText>;

export const EarlierTexts = Type.Array(EarlierText, {
  title: 'EarlierTexts',
  description: `Oldest first; the latest ${EDITS_TOLD.max} of them where there are more.`,
});
export type EarlierTexts = Static<typeof EarlierTexts>;

export const Pins = Type.Array(Message, {
  title: 'Pins',
  description: `The pinned messages of a chat, the one pinned last first; at most ${PINS.max}.`,
});
export type Pins = Static<typeof Pins>;

export const ForwardMessages = Type.Object(
  {
    chat_id: described(ChatId, 'Where they stand.'),
    messages: Type.Array(Type.Object({ id: MessageId, client_id: Type.Optional(ClientId) }), {
      minItems: 1,
      maxItems: FORWARDED.messages,
      description: 'In the order in which they are to stand. Each `client_id` counts in each of the chats.',
    }),
    chat_ids: Type.Array(ChatId, {
      minItems: 1,
      maxItems: FORWARDED.chats,
      description: 'Where they go.',
      examples: [[6, 7]],
    }),
    comment: Type.Optional(
      Type.Object(
        { text: MessageText, client_id: Type.Optional(ClientId) },
        { description: 'A message that is sent before them, to each of the chats.' },
      ),
    ),
  },
  { title: 'ForwardMessages' },
);
export type ForwardMessages = Static<typeof ForwardMessages>;

export const Forwarded = Type.Object(
  { messages: Type.Array(Message, { description: 'Chat by chat, in the order that was asked for.' }) },
  { title: 'Forwarded', description: 'What was sent.' },
);
export type Forwarded = Static<typeof Forwarded>;
