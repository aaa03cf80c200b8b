import process from 'node:process';
import { ApiError } from '@beseda/client/api-error.ts';
import { createClient, type Client } from '@beseda/client/client.ts';
import { chat } from './chat.ts';
import { createConsoleLines } from './console-lines.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { signIn } from './sign-in.ts';

/** @returns the exit code. */
async function main(options: Options, password: string | undefined): Promise<number> {
  const console = createConsoleLines(process.stdin, process.stdout, process.stdin.isTTY && process.stdout.isTTY);
  const client = createClient({ url: options.url });
  try {
    if (!(await signIn(client, console, { username: options.username, password }))) return 1;
    await client.start();
    await ready(client);
    await chat(client, console, Date.now);
    // What is still on its way gets the time to leave.
    await sent(client);
    return 0;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    client.stop();
    console.close();
  }
}

/** Settles once all chats are known. */
async function ready(client: Client): Promise<void> {
  await when(client, () => client.store.ready());
}

/** Settles once nothing is on its way, or there is no connection to send it through. */
async function sent(client: Client): Promise<void> {
  const waiting = (): boolean =>
    client.store.inbox().some(({ id }) => client.store.messages(id)?.pending.some(({ failure }) => failure === null));
  await when(client, () => client.state.name !== 'live' || !waiting());
}

async function when(client: Client, holds: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (holds()) resolve();
  };
  const chats = client.store.inbox().map(({ id }) => client.store.watch({ of: 'messages', chatId: id }, look));
  const stops = [client.store.watch({ of: 'inbox' }, look), client.onState(look), ...chats];
  look();
  await promise;
  for (const stop of stops) stop();
}

function optionsOrExit(): Options {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (!options.help) return options;
    process.stdout.write(`${USAGE.join('\n')}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE.join('\n')}\n`);
    process.exit(2);
  }
}

process.exitCode = await main(optionsOrExit(), process.env['BESEDA_PASSWORD']);
