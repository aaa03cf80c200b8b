import { Registered } from '@beseda/protocol/users.ts';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Chat } from '@beseda/protocol/chats.ts';
import { Group } from '@beseda/protocol/groups.ts';
import { Message } from '@beseda/protocol/messages.ts';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

export interface Answer {
  status: number;
  headers: Headers;
  /** The body, parsed where it is JSON; its text else. */
  body: unknown;
}

export interface Asking {
  token?: string | undefined;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as a form. */
  form?: Record<string, string>;
  /** Sent as it stands. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

interface Place {
  url: string;
}

/** One request to the API of a server, `path` below `/api/v1` unless it names another root. */
export async function ask(server: Place, method: string, path: string, asking: Asking = {}): Promise<Answer> {
  const headers = new Headers(asking.headers);
  if (asking.token !== undefined) headers.set('authorization', `Bearer ${asking.token}`);
  if (asking.json !== undefined) headers.set('content-type', 'application/json');
  const body =
    asking.raw ??
    (asking.json === undefined ? undefined : JSON.stringify(asking.json)) ??
    (asking.form === undefined ? undefined : new URLSearchParams(asking.form));
  const root = /^\/(healthz|readyz|metrics|openapi\.json|asyncapi\.json|docs|playground|api)/.test(path)
    ? ''
    : '/api/v1';
  const response = await fetch(`${server.url}${root}${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
}

/** {@link ask} for an answer that must have this status and shape. */
export async function expectAnswer<S extends TSchema>(
  answer: Promise<Answer>,
  status: number,
  schema: S,
): Promise<Static<S>> {
  const { status: actual, body } = await answer;
  if (actual !== status) throw new Error(`expected ${status}, got ${actual}: ${JSON.stringify(body)}`);
  return Value.Parse(schema, body);
}

/** A user who has registered and signed in. */
export interface Person {
  id: number;
  username: string;
  password: string;
  token: string;
  refreshToken: string;
}

let people = 0;

/** Registers someone with a name of their own and signs them in. */
export async function signUp(server: Place, name = 'person'): Promise<Person> {
  people += 1;
  const username = `${name}-${people}`;
  const password = 'password123';
  const json = { username, email: `${username}@example.com`, password };
  const { id } = await expectAnswer(ask(server, 'POST', '/auth/register', { json }), 201, Registered);
  const tokens = await signIn(server, username, password);
  return { id, username, password, token: tokens.access_token, refreshToken: tokens.refresh_token };
}

export async function signIn(server: Place, username: string, password: string): Promise<Tokens> {
  return expectAnswer(ask(server, 'POST', '/auth/token', { form: { username, password } }), 200, Tokens);
}

/** The personal chat of two people. */
export async function openChat(server: Place, one: Person, other: Person): Promise<Chat> {
  const { body } = await ask(server, 'POST', '/chats/', { token: one.token, json: { user_id: other.id } });
  return Value.Parse(Chat, body);
}

/** A group of its creator and others. */
export async function createGroup(server: Place, creator: Person, others: Person[] = []): Promise<Group> {
  const json = { name: 'A group', members: others.map(({ id }) => id) };
  return expectAnswer(ask(server, 'POST', '/groups/', { token: creator.token, json }), 201, Group);
}

export async function sendText(server: Place, sender: Person, chatId: number, text: string): Promise<Message> {
  const answer = ask(server, 'POST', `/messages/${chatId}/send`, { token: sender.token, json: { text } });
  return expectAnswer(answer, 201, Message);
}
