import { Type, type Static } from 'typebox';
import { ChatId, described, Nullable, Timestamp, UserId } from './scalars.ts';

/** Who is online is told member by member in chats of up to so many; in larger ones it is how many are. */
export const PRESENCE_TOLD = { maxMembers: 100 } as const;

/** Users named in a `typing` frame, the first of them; the count is of all. */
export const TYPING_USERS = { max: 5 } as const;

// ——— Up.

export const TypeFrame = Type.Object(
  {
    type: Type.Literal('typing'),
    chat_id: ChatId,
    on: Type.Boolean({ description: 'True: the user types, for 6 s or until told otherwise; false: no longer.' }),
  },
  { title: 'TypeFrame', description: 'The user types at this device. It is not acknowledged.' },
);

// ——— Down.

export const TypingFrame = Type.Object(
  {
    type: Type.Literal('typing'),
    chat_id: ChatId,
    user_ids: Type.Array(UserId, { description: 'Who types, the first five of them; the reader may be one.' }),
    count: Type.Integer({ minimum: 0, description: 'How many type.' }),
  },
  { title: 'TypingFrame', description: 'Who types in a chat at present. After 8 s without news, nobody does.' },
);
export type TypingFrame = Static<typeof TypingFrame>;

export const UserPresence = Type.Object(
  {
    user_id: UserId,
    online: Type.Boolean({
      description: 'Whether a socket of theirs is open, as far as others may know.',
      examples: [true],
    }),
    last_seen_at: Nullable(
      described(
        Timestamp,
        'When they were online last; null while they are, where it is hidden and where it is not known.',
      ),
    ),
  },
  { title: 'UserPresence', description: 'Whether a user is online, or was last.' },
);
export type UserPresence = Static<typeof UserPresence>;

export const PresenceFrame = Type.Object(
  { type: Type.Literal('presence'), users: Type.Array(UserPresence) },
  { title: 'PresenceFrame', description: 'What has changed about people with whom the user shares a small chat.' },
);
export type PresenceFrame = Static<typeof PresenceFrame>;

const OnlineCount = Type.Integer({ minimum: 0, description: 'How many members are online.', examples: [1] });

export const OnlineFrame = Type.Object(
  { type: Type.Literal('online'), chat_id: ChatId, count: OnlineCount },
  { title: 'OnlineFrame', description: 'How many members of a large group are online.' },
);
export type OnlineFrame = Static<typeof OnlineFrame>;

// ——— HTTP.

export const ChatPresence = Type.Object(
  {
    online_count: OnlineCount,
    users: Type.Array(UserPresence, {
      description: 'The members, by id; none where the chat has more than 100, or the user who asks is hidden.',
    }),
  },
  { title: 'ChatPresence', description: 'Who of a chat is online.' },
);
export type ChatPresence = Static<typeof ChatPresence>;
