import { onTestFinished } from 'vitest';
import type { Person } from './api-client.ts';
import { connectToMain, type MainClient } from './main-socket.ts';

/** A client of a person at `/ws` that has caught up; it goes when the test ends. */
export async function connectSynced(server: { url: string }, person: Person): Promise<MainClient> {
  const client = await connectToMain(server, person.token);
  onTestFinished(() => client.close());
  await client.sync();
  return client;
}
