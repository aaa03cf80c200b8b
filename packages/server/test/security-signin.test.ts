import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, sendText, signUp, type Answer, type Person } from '../testing/api-client.ts';
import { joinChat } from '../testing/chat-socket.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

function tryPassword(server: TestServer, username: string, password: string, headers = {}): Promise<Answer> {
  return ask(server, 'POST', '/auth/token', { json: { username, password }, headers });
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

describe('case 23: signing in does not tell who has an account', () => {
  let server: TestServer;
  let anna: Person;
  beforeAll(async () => {
    server = await startTestServer();
    anna = await signUp(server, 'anna');
  });
  afterAll(async () => {
    await server.stop();
  });

  test('the same answer for an unknown user and for a wrong password', async () => {
    const answers = [
      await tryPassword(server, anna.username, 'wrong password'),
      await tryPassword(server, 'nobody-at-all', 'wrong password'),
      await tryPassword(server, `${anna.username}@example.com`, anna.password),
    ];
    for (const { status, headers, body } of answers) {
      expect(status).toBe(401);
      expect(body).toEqual(answers[0]?.body);
      const names = [...headers].map(([name, value]) =>
        /^(date|x-request-id)$/.test(name) ? name : `${name}: ${value}`,
      );
      expect(names).toContain('www-authenticate: Bearer realm="beseda", error="invalid_grant"');
      expect(names).toContain('cache-control: no-store');
    }
    const [known, unknown] = answers.map(({ headers }) => [...headers.keys()].toSorted());
    expect(unknown).toEqual(known);
  });

  test('in the same time', async () => {
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    // The first ones pay for warming up.
    await tryPassword(server, 'nobody-at-all', 'wrong password');
    await tryPassword(server, anna.username, 'wrong password');
    // Taken in turn, so that whatever else the machine does burdens both alike.
    for (let attempt = 0; attempt < 60; attempt += 1) {
      for (const [kind, name] of [
        ['known', anna.username],
        ['unknown', `nobody-${attempt}`],
      ] as const) {
        const start = performance.now();
        await tryPassword(server, name, `wrong password ${attempt}`);
        times[kind].push(performance.now() - start);
      }
    }
    // Without the hash for nobody, an unknown user is answered in a small part of the time.
    const ratio = median(times.unknown) / median(times.known);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
  });
});

const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

function expectRefusal(answer: Answer): number {
  expect(answer.status).toBe(429);
  const { code, retry_after } = answer.body as { code: string; retry_after: number };
  expect(code).toBe('too_many_requests');
  expect(answer.headers.get('retry-after')).toBe(String(retry_after));
  expect(retry_after).toBeGreaterThan(0);
  return retry_after;
}

describe('case 24: guessing is capped', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ rateLimits: true, trustProxy: true });
  });
  afterAll(async () => {
    await server.stop();
  });
  test('per account and address; the owner’s session goes on, and time heals it', async () => {
    const anna = await signUp(server, 'anna');
    const group = await createGroup(server, anna);
    const socket = await joinChat(server, group.id, anna.token);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await tryPassword(server, anna.username, `guess ${attempt}`, from('203.0.113.1'))).status).toBe(401);
    }
    const seconds = expectRefusal(await tryPassword(server, anna.username, 'guess', from('203.0.113.1')));
    // The right password is no way round, nor is another spelling of the name.
    expectRefusal(await tryPassword(server, anna.username, anna.password, from('203.0.113.1')));
    expectRefusal(await tryPassword(server, ` ${anna.username.toUpperCase()} `, anna.password, from('203.0.113.1')));

    // Whoever is signed in notices nothing, and from elsewhere one still gets in.
    expect((await sendText(server, anna, group.id, 'still here')).id).toBe(1);
    expect(await socket.next()).toMatchObject({ text: 'still here' });
    socket.close();
    const json = { grant_type: 'refresh_token', refresh_token: anna.refreshToken };
    expect((await ask(server, 'POST', '/auth/token', { json, headers: from('203.0.113.1') })).status).toBe(200);
    expect((await tryPassword(server, anna.username, anna.password, from('203.0.113.2'))).status).toBe(200);

    server.clock.advance(seconds);
    expect((await tryPassword(server, anna.username, anna.password, from('203.0.113.1'))).status).toBe(200);
  });

  test('signing in rightly does not use it up', async () => {
    const anna = await signUp(server, 'often');
    for (let attempt = 0; attempt < 30; attempt += 1) {
      expect((await tryPassword(server, anna.username, anna.password, from('203.0.113.3'))).status).toBe(200);
    }
  });

  test('guesses made all at once count as well', async () => {
    const anna = await signUp(server, 'at-once');
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) =>
        tryPassword(server, anna.username, `guess ${index}`, from('203.0.113.4')),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    for (const answer of answers.filter(({ status }) => status !== 401)) expectRefusal(answer);
  });

  test('per account, from however many addresses', async () => {
    const anna = await signUp(server, 'hunted');
    const answers = [];
    for (let round = 0; round < 15; round += 1) {
      answers.push(
        ...(await Promise.all(
          Array.from({ length: 8 }, async (_, index) =>
            tryPassword(server, anna.username, 'guess', from(`198.51.${round}.${index}`)),
          ),
        )),
      );
    }
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(100);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
    server.clock.advance(3600);
  });

  test('per address, over however many accounts; of IPv6 by the network', async () => {
    const answers = [];
    // Not all at once: so many hashes would keep the database waiting on a busy machine, and that is another refusal.
    for (let round = 0; round < 8; round += 1) {
      const guesses = Array.from({ length: 15 }, async (_, index) => {
        const place = from(`2001:db8:1:2::${(round * 15 + index).toString(16)}`);
        return tryPassword(server, `account-${round * 15 + index}`, 'password123', place);
      });
      answers.push(...(await Promise.all(guesses)));
    }
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(100);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
    expect((await tryPassword(server, 'account-1', 'x', from('2001:db8:1:3::1'))).status).toBe(401);
  });

  test('registrations per address; those that fail do not count', async () => {
    const register = async (name: string, email: string): Promise<Answer> =>
      ask(server, 'POST', '/auth/register', {
        json: { username: name, email, password: 'password123' },
        headers: from('203.0.113.9'),
      });
    expect((await register('first', 'first@example.com')).status).toBe(201);
    for (let attempt = 0; attempt < 40; attempt += 1) {
      expect((await register('first', 'other@example.com')).status).toBe(400);
    }
    const answers = await Promise.all(
      Array.from({ length: 35 }, async (_, index) => register(`many-${index}`, `many-${index}@example.com`)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(29);
    expectRefusal(await register('one-more', 'one-more@example.com'));
    server.clock.advance(120);
    expect((await register('one-more', 'one-more@example.com')).status).toBe(201);
  });

  test('guessing the current password to change it is capped too', async () => {
    const anna = await signUp(server, 'changer');
    const change = async (current: string): Promise<Answer> =>
      ask(server, 'POST', '/auth/password', {
        token: anna.token,
        json: { current_password: current, new_password: 'another password' },
      });
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await change(`guess ${attempt}`)).status).toBe(401);
    expectRefusal(await change(anna.password));
  });
});

describe('case 24: whose word about an address is believed', () => {
  test.each([
    ['nobody’s by default', false, 11],
    ['not that of one who is not the proxy', ['192.0.2.1'], 11],
    ['that of the proxy', ['127.0.0.1'], 0],
    ['that of everyone where so set', true, 0],
  ] as const)('%s', async (_, trustProxy, refusals) => {
    const server = await startTestServer({
      rateLimits: true,
      trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    });
    const anna = await signUp(server, 'anna');
    let refused = 0;
    for (let attempt = 0; attempt < 21; attempt += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${attempt}` };
      if ((await tryPassword(server, anna.username, 'guess', headers)).status === 429) refused += 1;
    }
    expect(refused).toBe(refusals);
    await server.stop();
  });
});
