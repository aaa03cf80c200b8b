import { createClient, type Client } from '../../packages/client/src/client.ts';
import type { Findings } from '../findings.ts';
import type { Account } from './device.ts';

/** A device of a user on the client package, as other people's programs are. */
export interface LibraryDevice {
  readonly name: string;
  readonly account: Account;
  readonly client: Client;
  /** Whether it hears what comes, and has nothing on its way. */
  isSettled(chatIds: readonly number[]): boolean;
  stop(): void;
}

const RETRY_MS = 200;

/** @param url of the servers, e.g. `http://127.0.0.1:40123`. */
export async function createLibraryDevice(
  name: string,
  account: Account,
  url: string,
  findings: Findings,
): Promise<LibraryDevice> {
  const client = createClient({
    url,
    onProblem: (problem) => {
      // Faults of the way are the weather; a frame that it cannot make sense of is not.
      if (/unexpected_answer/.test(String(Object(problem).code)))
        findings.report('error', `${name}: ${String(problem)}`);
    },
  });
  for (let signedIn = false; !signedIn;) {
    try {
      await client.signIn(account.username, account.password);
      signedIn = true;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  await client.start();
  return {
    name,
    account,
    client,
    isSettled: (chatIds) =>
      client.state.name === 'live' &&
      chatIds.every((id) => (client.store.messages(id)?.pending ?? []).every(({ failure }) => failure !== null)),
    stop: () => client.stop(),
  };
}
