import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, signUp, type Person } from '../../server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import { createClient, type Client } from '../src/client.ts';
import { newRefreshToken } from '../src/rest/new-refresh-token.ts';
import { memoryTokens, StoredSession, type TokenStorage } from '../src/rest/token-storage.ts';
import type { Fetch } from '../src/rest/ask.ts';
import { fits } from '../src/parse.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server.stop());

/** What a program has on its disk whose access token has run out. */
async function storageOf(person: Person): Promise<TokenStorage> {
  const tokens = memoryTokens();
  const { id: user_id, refreshToken: refresh_token } = person;
  await tokens.save({ user_id, access_token: 'run out', expires_at: 0, refresh_token });
  return tokens;
}

async function keptIn(tokens: TokenStorage): Promise<StoredSession> {
  const kept = await tokens.load();
  if (!fits(StoredSession, kept)) throw new Error('nothing is kept');
  return kept;
}

/** One start of a program with a storage. */
const start = (tokens: TokenStorage, through: Fetch = fetch): Client =>
  createClient({ url: server.url, tokens, fetch: through });

/** The server gets and answers everything, and the answers to renewals never come. */
const losesAnswers: Fetch = async (url, init) => {
  const response = await fetch(url, init);
  await response.text();
  if (url.endsWith('/auth/token')) throw new TypeError('the connection was reset');
  throw new Error(`asked for ${url} without a token`);
};

const nothingLeaves: Fetch = async () => {
  throw new TypeError('the network is down');
};

describe('a session outlives', () => {
  test('an answer to a renewal that is lost, and many of them', async () => {
    const person = await signUp(server);
    const tokens = await storageOf(person);
    let lost = 0;
    const client = start(tokens, async (url, init) => {
      const through = url.endsWith('/auth/token') && (lost += 1) <= 3 ? losesAnswers : fetch;
      return through(url, init);
    });
    for (let time = 0; time < 3; time += 1) {
      await expect(client.api.account.get()).rejects.toMatchObject({ code: 'unreachable' });
    }
    expect(await client.api.account.get()).toMatchObject({ id: person.id });
    expect((await keptIn(tokens)).next_refresh_token).toBeUndefined();
  });

  test.each([
    ['before the request has left', nothingLeaves],
    ['before the answer has come', losesAnswers],
  ])('a program that ends in the midst of a renewal, %s', async (_, through) => {
    const person = await signUp(server);
    const tokens = await storageOf(person);
    await expect(start(tokens, through).api.account.get()).rejects.toMatchObject({ code: 'unreachable' });
    const { next_refresh_token: next } = await keptIn(tokens);
    expect(next).toMatch(/^[\w-]{43}$/);
    expect(await start(tokens).api.account.get()).toMatchObject({ id: person.id });
    expect((await keptIn(tokens)).refresh_token).toBe(next);
  });

  test('a program that ends before it has kept what the server answered', async () => {
    const person = await signUp(server);
    const tokens = await storageOf(person);
    const full: TokenStorage = {
      load: async () => tokens.load(),
      save: async (session) => {
        if (session?.refresh_token !== person.refreshToken) throw new Error('the disk is full');
        return tokens.save(session);
      },
    };
    await expect(start(full).api.account.get()).rejects.toThrow('the disk is full');
    expect(await start(tokens).api.account.get()).toMatchObject({ id: person.id });
  });
});

test('a renewal by somebody else who has the token ends the session, and is told as that', async () => {
  const person = await signUp(server);
  const tokens = await storageOf(person);
  const next_refresh_token = randomBytes(32).toString('base64url');
  const json = { grant_type: 'refresh_token', refresh_token: person.refreshToken, next_refresh_token };
  expect((await ask(server, 'POST', '/auth/token', { json })).status).toBe(200);
  await expect(start(tokens).api.account.get()).rejects.toMatchObject({ code: 'signed_out' });
  expect(await tokens.load()).toBeUndefined();
});

test('nothing is asked for before the next token is kept', async () => {
  const tokens = await storageOf(await signUp(server));
  let asked = 0;
  const client = start(
    { load: async () => tokens.load(), save: async () => Promise.reject(new Error('the disk is full')) },
    async () => {
      asked += 1;
      throw new TypeError('the network is down');
    },
  );
  await expect(client.api.account.get()).rejects.toThrow('the disk is full');
  expect(asked).toBe(0);
});

test('next tokens are 43 characters of base64url, and never the same', () => {
  const made = Array.from({ length: 1000 }, newRefreshToken);
  for (const token of made) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(new Set(made).size).toBe(1000);
});
