import { Type, type Static } from 'typebox';
import { PASSWORD_LENGTH } from './limits.ts';
import { Nullable, SessionId, Timestamp } from './scalars.ts';
import { Password } from './users.ts';

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
    refresh_token: Type.Optional(Type.String({ maxLength: 1000, description: 'For `refresh_token`.' })),
  },
  { title: 'TokenRequest' },
);
export type TokenRequest = Static<typeof TokenRequest>;

export const Tokens = Type.Object(
  {
    access_token: Type.String({ description: 'A JWT for `Authorization: Bearer …` and for sockets.' }),
    token_type: Type.Literal('bearer', { description: 'Always `bearer`.' }),
    expires_in: Type.Integer({ description: 'Seconds for which the access token is accepted.', examples: [900] }),
    refresh_token: Type.String({
      description: 'Opaque, for one use: each refresh answers with the next. Using an old one ends the session.',
    }),
  },
  { title: 'Tokens' },
);
export type Tokens = Static<typeof Tokens>;

export const ChangePassword = Type.Object(
  {
    current_password: Type.String({ maxLength: PASSWORD_LENGTH.max, description: 'The password until now.' }),
    new_password: Password,
  },
  { title: 'ChangePassword' },
);
export type ChangePassword = Static<typeof ChangePassword>;

export const Session = Type.Object(
  {
    id: SessionId,
    device: Nullable(Type.String({ description: 'The `User-Agent` at sign-in.', examples: ['curl/8.5.0'] })),
    address: Nullable(Type.String({ description: 'The network address at sign-in.', examples: ['127.0.0.1'] })),
    created_at: Timestamp,
    last_used_at: Timestamp,
    expires_at: Timestamp,
    current: Type.Boolean({ description: 'Whether it is the session of this request.' }),
  },
  { title: 'Session' },
);
export type Session = Static<typeof Session>;

export const Sessions = Type.Object({ sessions: Type.Array(Session) }, { title: 'Sessions' });
export type Sessions = Static<typeof Sessions>;
