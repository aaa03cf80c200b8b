import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../../packages/client/src/api-error.ts';
import type { Random } from '../../packages/server/testing/random.ts';
import type { LibraryDevice } from '../devices/library-device.ts';
import type { Ledger } from './ledger.ts';

export interface LibraryActorParts {
  device: LibraryDevice;
  chatIds: readonly number[];
  ledger: Ledger;
  random: Random;
  /** Milliseconds between two acts, on average. */
  pauseMs: number;
  ended: AbortSignal;
}

/** A user at a program of other people's: writes without waiting for answers, and leaves the rest to the client. */
export async function actByLibrary(parts: LibraryActorParts): Promise<void> {
  const { device, ledger, random, ended } = parts;
  const { client, account } = device;
  let sent = 0;
  const hearing = client.onMessage((message) => {
    const record = message.client_id === null ? undefined : ledger.sends.get(message.client_id);
    if (record === undefined || message.sender_id !== account.id) return;
    record.acked ??= { id: message.id, at: performance.now() };
  });

  async function send(chatId: number): Promise<void> {
    sent += 1;
    const text = `${device.name} ${sent} ${random.word(30)}`;
    const { client_id: clientId } = await client.send(chatId, text);
    ledger.sends.set(clientId, { clientId, chatId, userId: account.id, text });
  }

  /** An act that is not repeated: where its end is not known, either may be. */
  async function once(chatId: number): Promise<void> {
    const [message] = (client.store.messages(chatId)?.runs.at(-1) ?? []).slice(-random.below(10) - 1);
    if (message === undefined) return;
    if (random.chance(0.4)) client.markRead(chatId, message.id);
    else if (message.sender_id === account.id && random.chance(0.5)) {
      const record = { chatId, messageId: message.id, text: `${device.name} edits ${random.word(20)}`, acked: false };
      ledger.changes.push(record);
      await client.edit(chatId, message.id, record.text);
      record.acked = true;
    } else await client.react(chatId, message.id, random.pick(['🐟', '🦊', '🐝']), random.chance(0.7));
  }

  while (!ended.aborted) {
    const chatId = random.pick(parts.chatIds);
    try {
      if (random.chance(0.7)) await send(chatId);
      else await once(chatId);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    await delay(random.below(2 * parts.pauseMs), undefined, { signal: ended }).catch(() => {});
  }
  hearing();
}

/** Notes what the client has come to say of what it took: it is stored, or refused. */
export function closeLibraryBooks(device: LibraryDevice, chatIds: readonly number[], ledger: Ledger): void {
  const onTheirWay = new Set<string>();
  for (const chatId of chatIds) {
    for (const { client_id: clientId, failure } of device.client.store.messages(chatId)?.pending ?? []) {
      const record = ledger.sends.get(clientId);
      if (record !== undefined && failure !== null) record.refused = true;
      else onTheirWay.add(clientId);
    }
  }
  for (const record of ledger.sends.values()) {
    if (!record.text.startsWith(`${device.name} `) || record.refused === true || onTheirWay.has(record.clientId))
      continue;
    // What is not on its way any more, the client holds for stored, though it may not have told the id.
    record.acked ??= { id: undefined, at: performance.now() };
  }
}
