import { Type, type Static } from 'typebox';
import { FileLimits } from './files.ts';
import { PASSWORD_LENGTH } from './limits.ts';
import { described, UserId } from './scalars.ts';

/** What the sign-in form of the web client sends. */
export const WebSignIn = Type.Object(
  {
    username: Type.String({ maxLength: 1000, description: 'The name the user signs in with.', examples: ['user1'] }),
    password: Type.String({
      maxLength: PASSWORD_LENGTH.max,
      description: 'The password.',
      examples: ['password123'],
    }),
  },
  { title: 'WebSignIn', examples: [{ username: 'user1', password: 'password123' }] },
);
export type WebSignIn = Static<typeof WebSignIn>;

/** A session whose refresh token is in a cookie, out of reach of scripts. */
export const WebSession = Type.Object(
  {
    user_id: described(UserId, 'Who is signed in.'),
    access_token: Type.String({ description: 'A JWT for `Authorization: Bearer …` and for sockets.' }),
    token_type: Type.Literal('bearer', { description: 'Always `bearer`.' }),
    expires_in: Type.Integer({ description: 'Seconds for which the access token is accepted.', examples: [900] }),
  },
  { title: 'WebSession', description: 'What a page uses its session with; the cookie renews it.' },
);
export type WebSession = Static<typeof WebSession>;

export const ServerConfig = Type.Object(
  {
    test_users: Type.Array(
      Type.Object({
        username: Type.String({ description: 'A test user.', examples: ['user1'] }),
        password: Type.String({ description: 'The password that all test users have.', examples: ['password123'] }),
      }),
      { description: 'Users of the test data, to sign in as by a click; none in production.' },
    ),
    files: FileLimits,
  },
  { title: 'ServerConfig', description: 'What a client should know of the server before anybody has signed in.' },
);
export type ServerConfig = Static<typeof ServerConfig>;
