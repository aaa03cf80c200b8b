import { createHash, randomBytes } from 'node:crypto';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Group } from '@beseda/protocol/groups.ts';
import { Value } from 'typebox/value';
import { openConnection, type Connection } from '../http-client.ts';
import type { Target } from './target.ts';

/** Somebody who is signed in. */
export interface Person {
  id: number;
  /** An access token; it is good for 15 minutes. */
  token: string;
}

/** Members that may be named when a group is made. */
const NAMED_AT_ONCE = 200;

/** Requests under way at once while things are made. */
const CONNECTIONS = 8;

/**
 * People who have signed in. Their accounts and sessions go straight into the database: hashing a password for each
 * would take a minute for a thousand. The server gives the access tokens, as to anyone who comes back.
 */
export async function signInPeople(target: Target, count: number): Promise<Person[]> {
  const refreshTokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
  const hashes = refreshTokens.map((token) => createHash('sha256').update(token).digest());
  const database = await target.database();
  const { rows } = await database.query<{ id: string }>({ text: INSERT, values: [hashes] });
  const people = rows.map(({ id }) => ({ id: Number(id), token: '' }));
  await together(target.url, people.length, async (connection, index) => {
    const json = { grant_type: 'refresh_token', refresh_token: refreshTokens[index] };
    const { body } = await connection.ask('POST', '/auth/token', { json });
    const person = people[index];
    if (person !== undefined) person.token = Value.Parse(Tokens, body).access_token;
  });
  return people;
}

/** One row a person in each of three tables, in the order of the hashes. */
const INSERT = `
  WITH given AS (
    SELECT hash, number, gen_random_uuid() AS session_id, 'bench-' || gen_random_uuid() AS name
    FROM unnest($1::bytea[]) WITH ORDINALITY AS one (hash, number)
  ), people AS (
    INSERT INTO users (username, username_key, email, email_key, password_hash, created_at)
    SELECT name, name, name || '@example.com', name || '@example.com', '', now() FROM given
    RETURNING id, username
  ), opened AS (
    INSERT INTO sessions (id, user_id, created_at, last_used_at, expires_at)
    SELECT session_id, people.id, now(), now(), now() + interval '1 day'
    FROM given JOIN people ON username = name
  ), continued AS (
    INSERT INTO refresh_tokens (hash, session_id, expires_at)
    SELECT hash, session_id, now() + interval '1 day' FROM given
  )
  SELECT people.id FROM given JOIN people ON username = name ORDER BY number`;

/** Makes a group of the first person with all others; its id. */
export async function makeGroup(url: string, people: readonly Person[]): Promise<number> {
  const [id = 0] = await makeGroups(url, [people]);
  return id;
}

/** Makes a group of each of the lists; their ids in the same order. */
export async function makeGroups(url: string, lists: readonly (readonly Person[])[]): Promise<number[]> {
  const ids: number[] = [];
  await together(url, lists.length, async (connection, index) => {
    const [creator, ...others] = lists[index] ?? [];
    if (creator === undefined) throw new Error('a group needs a creator');
    const { token } = creator;
    const members = others.slice(0, NAMED_AT_ONCE).map((person) => person.id);
    const { body } = await connection.ask('POST', '/groups/', { token, json: { name: `Group ${index}`, members } });
    const { id } = Value.Parse(Group, body);
    for (const person of others.slice(NAMED_AT_ONCE)) {
      const { status } = await connection.ask('POST', `/groups/${id}/members/${person.id}`, { token });
      if (status !== 204) throw new Error(`adding a member was answered ${status}`);
    }
    ids[index] = id;
  });
  return ids;
}

/** Does something for each of so many, over several connections at once. */
export async function together(
  url: string,
  count: number,
  act: (connection: Connection, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const connections = Array.from({ length: Math.min(count, CONNECTIONS) }, () => openConnection(url));
  try {
    await Promise.all(
      connections.map(async (connection) => {
        while (next < count) {
          next += 1;
          await act(connection, next - 1);
        }
      }),
    );
  } finally {
    for (const connection of connections) connection.close();
  }
}
