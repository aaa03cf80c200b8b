import { ApiError } from '@beseda/client/api-error.ts';
import type { Client } from '@beseda/client/client.ts';
import { pinnedFirst } from './chat-list.ts';

/** Chats of which the recent messages are read before anyone asks for them: the pinned ones, and those with the latest activity. */
const CHATS = 20;

/** With fewer messages held at its end, a chat is read. */
const ENOUGH = 30;

/**
 * Reads the recent messages of the latest chats, one chat after the other, so that they are there without a network.
 *
 * @param recalled settles once all that was kept is held again.
 */
export function readAhead(
  client: Pick<Client, 'store' | 'state' | 'onState' | 'loadOlder'>,
  recalled: Promise<void>,
): void {
  /** Once for each connection. */
  let due = true;
  let reading = false;
  let mayRead = false;

  async function read(): Promise<void> {
    for (const { id } of pinnedFirst(client.store.inbox()).slice(0, CHATS)) {
      if (client.state.name !== 'live') return;
      const messages = client.store.messages(id);
      const lacking = messages !== undefined && !messages.begins && (messages.runs.at(-1)?.length ?? 0) < ENOUGH;
      if (lacking) await client.loadOlder(id);
    }
  }

  async function attempt(): Promise<void> {
    if (!mayRead || !due || reading || client.state.name !== 'live' || !client.store.ready()) return;
    due = false;
    reading = true;
    try {
      await read();
    } catch (error) {
      // It is tried again with the next connection; whoever opens the chat reads it anyway.
      if (!(error instanceof ApiError)) throw error;
    } finally {
      reading = false;
    }
  }

  void recalled.then(async () => {
    mayRead = true;
    return attempt();
  });
  client.onState(({ name }) => {
    if (name !== 'live') due = true;
    void attempt();
  });
  // What REST tells of new chats comes after the connection is live.
  client.store.watch({ of: 'inbox' }, () => void attempt());
}
