import { ApiError } from '@beseda/client/api-error.ts';
import type { Client } from '@beseda/client/client.ts';
import type { ConsoleLines } from './console-lines.ts';

/** How often a password may be mistyped before the program gives up. */
const TRIES = 3;

/**
 * Signs the user in, asking for what is not given.
 *
 * @returns whether they are signed in.
 * @throws ApiError what is not a mistyped name or password.
 */
export async function signIn(
  client: Client,
  console: ConsoleLines,
  given: { username: string | undefined; password: string | undefined },
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const username = given.username ?? (await console.ask('Username: '));
    const password = given.password ?? (await console.askHidden('Password: '));
    if (username === undefined || password === undefined) return false;
    try {
      await client.signIn(username, password);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'wrong_credentials') throw error;
      console.print(error.message);
      // The same again would be as wrong.
      if (given.username !== undefined && given.password !== undefined) return false;
    }
  }
  return false;
}
