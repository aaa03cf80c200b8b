import { Group } from '@beseda/protocol/groups.ts';
import { Message } from '@beseda/protocol/messages.ts';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Value } from 'typebox/value';
import type { Rest } from '../rest.ts';

/** A message that the server has promised to keep. */
export interface Promised {
  chatId: number;
  id: number;
  text: string;
}

/** Users who write as fast as they are answered. */
export interface Writers {
  /** All that was acknowledged so far, in that order; grows. */
  promised: readonly Promised[];
  /** Settles when so many messages are acknowledged. */
  reached(count: number): Promise<void>;
  /** Settles when all have stopped; fails where one was refused. */
  stop(): Promise<void>;
}

export async function startWriters(rest: Rest, count: number): Promise<Writers> {
  const promised: Promised[] = [];
  const ended = new AbortController();
  const waiting: { count: number; resolve: () => void }[] = [];

  async function write(number: number): Promise<void> {
    const login = { username: `writer${number}`, password: `password of ${number}` };
    await rest.insist('POST', '/auth/register', { json: { ...login, email: `writer${number}@example.com` } });
    const signedIn = await rest.insist('POST', '/auth/token', { json: login });
    const { access_token: token } = Value.Parse(Tokens, signedIn.body);
    const made = await rest.insist('POST', '/groups/', { token, json: { name: `Notes of ${number}` } });
    const { id: chatId } = Value.Parse(Group, made.body);
    for (let line = 1; !ended.signal.aborted; line += 1) {
      const text = `line ${line} of ${number}`;
      const { body } = await rest.insist('POST', `/messages/${chatId}/send`, { token, json: { text } });
      promised.push({ chatId, id: Value.Parse(Message, body).id, text });
      for (const { count: enough, resolve } of waiting) if (promised.length >= enough) resolve();
    }
  }

  const writing = Promise.all(Array.from({ length: count }, async (_, index) => write(index + 1)));
  // Who was refused fails the run where it is waited for.
  writing.catch(() => {});
  return {
    promised,
    reached: async (enough) => new Promise((resolve) => void waiting.push({ count: enough, resolve })),
    async stop() {
      ended.abort();
      await writing;
    },
  };
}
