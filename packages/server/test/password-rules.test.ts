import { describe, expect, test } from 'vitest';
import { ask } from '../testing/api-client.ts';
import { startTestServer } from '../testing/test-server.ts';

describe('PASSWORD_RULES=strict', () => {
  test('asks for ten characters and refuses common passwords, and says which it was', async () => {
    const server = await startTestServer({ passwordRules: 'strict' });
    const register = async (name: string, password: string) =>
      ask(server, 'POST', '/auth/register', { json: { username: name, email: `${name}@example.com`, password } });
    expect(await register('anna', 'nine char')).toMatchObject({
      status: 422,
      body: { errors: [{ loc: ['body', 'password'], type: 'length', msg: 'must be 10 to 256 characters long' }] },
    });
    for (const common of ['1234567890', 'Qwertyuiop', 'password123']) {
      expect(await register('anna', common)).toMatchObject({
        status: 422,
        body: { errors: [{ loc: ['body', 'password'], type: 'common' }] },
      });
    }
    expect((await register('anna', 'seven wild geese')).status).toBe(201);
    await server.stop();
  });

  test('the original’s rules take the original’s password as it stands', async () => {
    const server = await startTestServer();
    const json = { username: 'user6', email: 'user6@example.com', password: 'password123' };
    expect((await ask(server, 'POST', '/auth/register', { json })).status).toBe(201);
    await server.stop();
  });
});
