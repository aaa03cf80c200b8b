import { memoryTokens, type TokenStorage } from '../src/rest/token-storage.ts';
import { createClient, type Client, type ClientOptions } from '../src/client.ts';
import type { Topic } from '../src/store/topics.ts';
import type { Person } from '../../server/testing/api-client.ts';

/** A client of someone who has signed up already, not started yet. */
export async function clientOf(
  server: { url: string },
  person: Person,
  options: Partial<ClientOptions> = {},
): Promise<Client> {
  return createClient({ url: server.url, tokens: await tokensOf(person), ...options });
}

/** What signing in would have left on the device. */
export async function tokensOf(person: Person): Promise<TokenStorage> {
  const tokens = memoryTokens();
  await tokens.save({
    user_id: person.id,
    access_token: person.token,
    expires_at: Date.now() + 900_000,
    refresh_token: person.refreshToken,
  });
  return tokens;
}

/** Settles once a test of what the client holds succeeds; it is asked again after each change. */
export async function until(client: Client, holds: () => boolean, ...chatIds: number[]): Promise<void> {
  if (holds()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (holds()) resolve();
  };
  const stops = [
    client.onState(look),
    client.store.watch({ of: 'inbox' }, look),
    ...chatIds.flatMap((chatId) => [
      client.store.watch({ of: 'messages', chatId }, look),
      client.store.watch({ of: 'members', chatId }, look),
    ]),
  ];
  await promise;
  for (const stop of stops) stop();
}

/** Starts a client and settles once it has synced and knows its chats. */
export async function live(client: Client, ...chatIds: number[]): Promise<Client> {
  await client.start();
  await until(
    client,
    () => client.state.name === 'live' && chatIds.every((chatId) => client.store.chat(chatId) !== undefined),
  );
  return client;
}

/** The texts of a chat as a person sees them, those on their way in brackets. */
export function texts(client: Client, chatId: number): string[] {
  const view = client.store.messages(chatId);
  return [
    ...(view?.runs.flat().map(({ text }) => text) ?? []),
    ...(view?.pending.map(({ text }) => `[${text}]`) ?? []),
  ];
}

/** Settles once a test succeeds that a topic of the store decides. */
export async function becomes(client: Client, topic: Topic, holds: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (holds()) resolve();
  };
  const stop = client.store.watch(topic, look);
  look();
  await promise;
  stop();
}
