import { ApiError } from '@beseda/client/api-error.ts';
import type { Client } from '@beseda/client/client.ts';

/**
 * The id of the first message of a day or later; undefined: there is none. Without a network it is looked for in what is
 * held, where that reaches back far enough.
 *
 * @param date such as `2026-11-22`, where the reader is.
 * @throws ApiError
 */
export async function firstOfDay(
  client: { api: { messages: Pick<Client['api']['messages'], 'history'> }; store: Pick<Client['store'], 'messages'> },
  chatId: number,
  date: string,
): Promise<number | undefined> {
  const from = new Date(`${date}T00:00:00`).toISOString();
  try {
    const [message] = await client.api.messages.history(chatId, { from, limit: 1 });
    return message?.id;
  } catch (error) {
    const run = client.store.messages(chatId)?.runs.at(-1) ?? [];
    const found = run.findIndex((message) => message.created_at >= from);
    if (!(error instanceof ApiError) || !error.retry || found < 0 || (found === 0 && run[0]?.id !== 1)) throw error;
    return run[found]?.id;
  }
}
