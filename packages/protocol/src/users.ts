import { Type, type Static } from 'typebox';
import { described, Email, Name, Nullable, Timestamp, UserId } from './scalars.ts';
import { UserPresence } from './presence.ts';
import { PASSWORD_LENGTH, USERNAME_LENGTH } from './limits.ts';

export const Username = Type.String({
  minLength: USERNAME_LENGTH.min,
  description: `${USERNAME_LENGTH.min} to ${USERNAME_LENGTH.max} characters after trimming; unique without regard to case.`,
  examples: ['user6'],
});

export const Password = Type.String({
  minLength: PASSWORD_LENGTH.min,
  maxLength: PASSWORD_LENGTH.max,
  description: `${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters, all of which count.`,
  examples: ['password123'],
});

const LastSeenVisible = Type.Boolean({
  description: 'Whether others see when the user is online and was last. Who hides it sees neither of others.',
  examples: [true],
});

/** What everyone may know of a user. */
export const User = Type.Object(
  {
    id: UserId,
    username: Type.String({ description: 'The name the user signs in with.', examples: ['user2'] }),
    display_name: Nullable(
      Type.String({ description: 'The name to show; null: show the username.', examples: ['Мария'] }),
    ),
  },
  { title: 'User', description: 'What everyone may know of a user.' },
);
export type User = Static<typeof User>;

/** A user as those see them who ask for one alone. */
export const Person = Type.Object(
  {
    ...User.properties,
    online: described(
      UserPresence.properties.online,
      'Whether they are online; false also to those who may not know, as they share no chat of up to 100 members.',
    ),
    last_seen_at: UserPresence.properties.last_seen_at,
  },
  { title: 'Person', description: 'What everyone may know of a user, and whether they are online.' },
);
export type Person = Static<typeof Person>;

/** A user as the user sees it. */
export const Account = Type.Object(
  {
    id: UserId,
    username: Type.String({ description: 'The name the user signs in with.', examples: ['user1'] }),
    email: Type.String({ description: 'Told to nobody else.', examples: ['user1@example.com'] }),
    display_name: Nullable(
      Type.String({ description: 'The name to show; null: show the username.', examples: ['Мария'] }),
    ),
    locale: Nullable(Type.String({ description: 'The language of the interface (BCP 47).', examples: ['ru'] })),
    last_seen_visible: LastSeenVisible,
    created_at: described(Timestamp, 'When the user registered.'),
  },
  { title: 'Account', description: 'A user as the user sees it.' },
);
export type Account = Static<typeof Account>;

export const UpdateAccount = Type.Object(
  {
    display_name: Type.Optional(Nullable(Name)),
    locale: Type.Optional(
      Nullable(
        Type.String({
          pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$',
          description: 'A language tag (BCP 47).',
          examples: ['ru'],
        }),
      ),
    ),
    last_seen_visible: Type.Optional(LastSeenVisible),
  },
  {
    title: 'UpdateAccount',
    description: 'What is left out stays; null clears.',
    examples: [{ display_name: 'Мария', locale: 'ru' }],
  },
);
export type UpdateAccount = Static<typeof UpdateAccount>;

export const Register = Type.Object(
  {
    username: Username,
    email: Email,
    password: Password,
    display_name: Type.Optional(Nullable(Name)),
  },
  {
    title: 'Register',
    examples: [{ username: 'user6', email: 'user6@example.com', password: 'password123', display_name: 'Мария' }],
  },
);
export type Register = Static<typeof Register>;

export const Registered = Type.Object(
  {
    id: UserId,
    username: Type.String({ description: 'As it was stored.', examples: ['user6'] }),
    email: Type.String({ description: 'As it was stored.', examples: ['user6@example.com'] }),
  },
  { title: 'Registered', description: 'The account that was made.' },
);
export type Registered = Static<typeof Registered>;
