import { createAccessTokens } from '../src/domain/access-tokens.ts';
import { openSession } from '../src/domain/sessions.ts';
import type { Person } from '../testing/api-client.ts';
import type { TestServer } from '../testing/test-server.ts';

const LIFETIMES = { idle: 86_400, absolute: 86_400 };

let crowds = 0;

/** Many people who are signed in, made without the work of hashing a password for each. */
export async function makeCrowd(server: TestServer, count: number): Promise<Person[]> {
  crowds += 1;
  const now = server.clock.now();
  const names = Array.from({ length: count }, (_, index) => `crowd-${crowds}-${index}`);
  const users = await server.db
    .insertInto('users')
    .values(
      names.map((name) => ({
        username: name,
        username_key: name,
        email: `${name}@example.com`,
        email_key: `${name}@example.com`,
        password_hash: 'none',
        created_at: now,
      })),
    )
    .returning(['id', 'username'])
    .execute();
  const tokens = createAccessTokens(server.secret, 86_400, server.clock);
  return Promise.all(
    users.map(async ({ id, username }) => {
      const device = { userAgent: 'a test', address: '127.0.0.1' };
      const { sessionId, refreshToken } = await openSession(server.db, id, device, LIFETIMES, now);
      return { id, username, password: '', token: await tokens.issue({ userId: id, sessionId }), refreshToken };
    }),
  );
}
