import { Type, type Static } from 'typebox';
import { PASSWORD_LENGTH } from './limits.ts';
import { described, Nullable, SessionId, Timestamp } from './scalars.ts';
import { Password } from './users.ts';

const A_REFRESH_TOKEN = 'wK3Rk0bBq1m4Zy7cTnX2vA';

const A_NEXT_REFRESH_TOKEN = 'Zx0u3c0yYb1nB5hW8dQm2sVtK7rLpE4aJgFiOe6TqUk';

/** OAuth 2: the password grant (RFC 6749, section 4.3) and refreshing (section 6). Further OAuth fields are ignored. */
export const TokenRequest = Type.Object(
  {
    grant_type: Type.Optional(
      Type.Union([Type.Literal('password'), Type.Literal('refresh_token'), Type.Literal('')], {
        description: '`password` (the default) or `refresh_token`.',
        examples: ['password'],
      }),
    ),
    username: Type.Optional(Type.String({ maxLength: 1000, description: 'For `password`.', examples: ['user1'] })),
    password: Type.Optional(
      Type.String({ maxLength: PASSWORD_LENGTH.max, description: 'For `password`.', examples: ['password123'] }),
    ),
    refresh_token: Type.Optional(
      Type.String({ maxLength: 1000, description: 'For `refresh_token`.', examples: [A_REFRESH_TOKEN] }),
    ),
    next_refresh_token: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_-]{43}$',
        description:
          'For `refresh_token`: 256 random bits in base64url that are to be the next token. With the same one the request may be repeated when its answer was lost, until the next token is used. Keep it before you ask.',
        examples: [A_NEXT_REFRESH_TOKEN],
      }),
    ),
  },
  {
    title: 'TokenRequest',
    description: 'Either a username and a password, or a refresh token.',
    examples: [
      { grant_type: 'password', username: 'user1', password: 'password123' },
      { grant_type: 'refresh_token', refresh_token: A_REFRESH_TOKEN },
      { grant_type: 'refresh_token', refresh_token: A_REFRESH_TOKEN, next_refresh_token: A_NEXT_REFRESH_TOKEN },
    ],
  },
);
export type TokenRequest = Static<typeof TokenRequest>;

export const Tokens = Type.Object(
  {
    access_token: Type.String({ description: 'A JWT for `Authorization: Bearer …` and for sockets.' }),
    token_type: Type.Literal('bearer', { description: 'Always `bearer`.' }),
    expires_in: Type.Integer({ description: 'Seconds for which the access token is accepted.', examples: [900] }),
    refresh_token: Type.String({
      description:
        'Opaque, for one use: each refresh answers with the next (the one that was asked for as `next_refresh_token`). Using an old one ends the session.',
    }),
  },
  { title: 'Tokens', description: 'What a session is used with.' },
);
export type Tokens = Static<typeof Tokens>;

export const ChangePassword = Type.Object(
  {
    current_password: Type.String({
      maxLength: PASSWORD_LENGTH.max,
      description: 'The password until now.',
      examples: ['password123'],
    }),
    new_password: described(
      Password,
      `The password from now on: ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters.`,
    ),
  },
  {
    title: 'ChangePassword',
    examples: [{ current_password: 'password123', new_password: 'a longer password' }],
  },
);
export type ChangePassword = Static<typeof ChangePassword>;

export const Session = Type.Object(
  {
    id: SessionId,
    device: Nullable(Type.String({ description: 'The `User-Agent` at sign-in.', examples: ['curl/8.5.0'] })),
    address: Nullable(Type.String({ description: 'The network address at sign-in.', examples: ['127.0.0.1'] })),
    created_at: described(Timestamp, 'When the user signed in.'),
    last_used_at: described(Timestamp, 'When its tokens were last renewed.'),
    expires_at: described(Timestamp, 'When it ends by itself, unless it is used before.'),
    current: Type.Boolean({ description: 'Whether it is the session of this request.', examples: [true] }),
  },
  { title: 'Session', description: 'One sign-in on one device.' },
);
export type Session = Static<typeof Session>;

export const Sessions = Type.Object(
  { sessions: Type.Array(Session, { description: 'The session used last first.' }) },
  { title: 'Sessions', description: 'Where the user is signed in.' },
);
export type Sessions = Static<typeof Sessions>;
