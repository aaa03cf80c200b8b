import { Type, type Static } from 'typebox';
import type { ReadFrame } from './frames.ts';
import { ChatId, described, Mark, MessageId, Nullable, Timestamp, UserId } from './scalars.ts';
import type { SettingsFrame } from './settings.ts';

const Ref = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }));

// ——— Up.

export const MarkDeliveredFrame = Type.Object(
  { type: Type.Literal('delivered'), chat_id: ChatId, message_id: MessageId, ref: Ref },
  { title: 'MarkDeliveredFrame', description: "All messages up to this one have reached one of the user's devices." },
);

export const MarkUnreadFrame = Type.Object(
  {
    type: Type.Literal('unread'),
    chat_id: ChatId,
    message_id: Nullable(described(MessageId, 'From which message on; null takes the mark back.')),
    ref: Ref,
  },
  { title: 'MarkUnreadFrame', description: 'Marks the chat as unread, for the user alone.' },
);

// ——— Down.

export const DeliveredFrame = Type.Object(
  {
    type: Type.Literal('delivered'),
    chat_id: ChatId,
    message_id: Mark,
    user_id: described(UserId, 'Whose mark it is.'),
  },
  { title: 'DeliveredFrame', description: "Up to where messages have reached a member's devices; it only grows." },
);
export type DeliveredFrame = Static<typeof DeliveredFrame>;

export const UnreadFrame = Type.Object(
  {
    type: Type.Literal('unread'),
    chat_id: ChatId,
    message_id: Nullable(described(MessageId, 'From which message on; null: marked as unread no longer.')),
  },
  { title: 'UnreadFrame', description: "The user's own mark of a chat as unread; nobody else gets it." },
);
export type UnreadFrame = Static<typeof UnreadFrame>;

/** What tells of marks and of the user's settings. They have no version: a newer one replaces an older one. */
export type MarkFrame = ReadFrame | DeliveredFrame | UnreadFrame | SettingsFrame;

export const Reader = Type.Object(
  {
    user_id: UserId,
    read_at: Nullable(
      described(Timestamp, 'When, right to the minute; null where it was not recorded (before the server did so).'),
    ),
  },
  { title: 'Reader', description: 'Someone who has read the message.' },
);

export const Readers = Type.Object(
  {
    read_count: Type.Integer({ minimum: 0, description: 'How many have read it, over all pages.', examples: [2] }),
    readers: Type.Array(Reader, { description: 'Who has read it, of this page, by user id.' }),
    delivered: Type.Array(UserId, {
      description: 'Who has it on a device and has not read it, of this page, smallest id first.',
      examples: [[4]],
    }),
    next_after: Nullable(described(UserId, 'What to give as `after` for the next page; null: this is the last.')),
  },
  {
    title: 'Readers',
    description: 'Who has read a message: members who were in when it was sent, its sender left out.',
  },
);
export type Readers = Static<typeof Readers>;
