import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../packages/server/testing/random.ts';
import type { Asking, Device } from '../devices/device.ts';
import type { Findings } from '../findings.ts';
import type { Rest } from '../rest.ts';
import type { Ledger, SentRecord } from './ledger.ts';

export interface ActorParts {
  device: Device;
  /** The chats that the user may be in. */
  chatIds: readonly number[];
  rest: Rest;
  ledger: Ledger;
  findings: Findings;
  random: Random;
  /** Milliseconds between two acts, on average. */
  pauseMs: number;
  /** Ends the acting; what is under way is finished. */
  ended: AbortSignal;
}

const EMOJI = ['👍', '❤️', '😀', '🎉', '👀'] as const;
/** What a server may say of an act under faults: of a chat one was removed from, of a message deleted meanwhile. */
const TO_BE_EXPECTED = new Set(['chat_not_found', 'message_not_found', 'too_many_reactions']);
const NOT_NOW = 'unavailable';
const RETRY_MS = 150;

type Verdict = { kind: 'done'; messageId: number } | { kind: 'refused'; code: string };

/** A user who writes, changes and reads, one act after the other, and asks again until each is answered. */
export async function act(parts: ActorParts): Promise<void> {
  const { device, rest, ledger, findings, random, ended } = parts;
  const { id: userId } = device.account;
  const own: { chatId: number; id: number }[] = [];
  let sent = 0;

  /** Over the socket or REST, until something definite is said. */
  async function insist(attempt: () => Promise<Verdict | undefined>): Promise<Verdict> {
    for (;;) {
      const verdict = await attempt();
      if (verdict !== undefined && !(verdict.kind === 'refused' && verdict.code === NOT_NOW)) {
        if (verdict.kind === 'refused') {
          ledger.refusals.set(verdict.code, (ledger.refusals.get(verdict.code) ?? 0) + 1);
          if (!TO_BE_EXPECTED.has(verdict.code)) findings.report('error', `${device.name} was told ${verdict.code}`);
        }
        return verdict;
      }
      if (verdict !== undefined) ledger.asksAgain.notNow += 1;
      await delay(RETRY_MS);
    }
  }

  async function overSocket(frame: Asking): Promise<Verdict | undefined> {
    const reply = await device.ask(frame);
    if (reply === undefined) return undefined;
    return reply.type === 'ack' ? { kind: 'done', messageId: reply.message_id } : { kind: 'refused', code: reply.code };
  }

  async function overRest({ clientId, chatId, text }: SentRecord): Promise<Verdict | undefined> {
    const answer = await rest.attempt('POST', `/messages/${chatId}/send`, {
      token: device.token(),
      json: { text },
      headers: { 'idempotency-key': clientId },
    });
    const body = Object(answer?.body) as Record<string, unknown>;
    switch (answer?.status) {
      case undefined:
        ledger.asksAgain.unanswered += 1;
        return undefined;
      // The session has ended, and another one follows.
      case 401:
        return undefined;
      case 201:
        return { kind: 'done', messageId: Number(body['id']) };
      default:
        return { kind: 'refused', code: String(body['code']) };
    }
  }

  async function send(chatId: number): Promise<void> {
    sent += 1;
    const record: SentRecord = {
      clientId: random.uuid(),
      chatId,
      userId,
      text: `${device.name} ${sent} ${random.word(40)}`,
    };
    ledger.sends.set(record.clientId, record);
    const frame: Asking = { type: 'message', chat_id: chatId, text: record.text, client_id: record.clientId };
    const attempt = async (): Promise<Verdict | undefined> => {
      // Both at once, now and then: one of them must be the repeat of the other.
      if (random.chance(0.05))
        return (await Promise.all([overSocket(frame), overRest(record)])).find((one) => one !== undefined);
      return random.chance(0.3) ? overRest(record) : overSocket(frame);
    };
    const verdict = await insist(attempt);
    if (verdict.kind === 'refused') {
      record.refused = true;
      return;
    }
    record.acked = { id: verdict.messageId, at: performance.now() };
    ledger.lastAckAt = record.acked.at;
    own.push({ chatId, id: verdict.messageId });
    if (own.length > 50) own.shift();
  }

  async function change(text: string | undefined): Promise<void> {
    const target = own.length === 0 ? undefined : random.pick(own);
    if (target === undefined) return;
    const { chatId, id } = target;
    if (text === undefined) own.splice(own.indexOf(target), 1);
    const record = { chatId, messageId: id, text, acked: false };
    ledger.changes.push(record);
    const place = { chat_id: chatId, message_id: id };
    const frame: Asking = text === undefined ? { type: 'delete', ...place } : { type: 'edit', ...place, text };
    const verdict = await insist(async () => overSocket(frame));
    record.acked = verdict.kind === 'done';
  }

  async function react(chatId: number): Promise<void> {
    const target = random.pick([...(device.state.chats.get(chatId)?.messages.keys() ?? [])].slice(-30).concat(0));
    if (target === 0) return;
    const [emoji, on] = [random.pick(EMOJI), random.chance(0.7)];
    const record = { chatId, messageId: target, userId, emoji, on, acked: false };
    ledger.reactions.set(`${chatId} ${target} ${userId} ${emoji}`, record);
    const frame: Asking = { type: 'react', chat_id: chatId, message_id: target, emoji, on };
    record.acked = (await insist(async () => overSocket(frame))).kind === 'done';
  }

  async function read(chatId: number): Promise<void> {
    const newest = Math.max(0, ...[...(device.state.chats.get(chatId)?.messages.keys() ?? [])].slice(-30));
    if (newest === 0) return;
    const verdict = await insist(async () => overSocket({ type: 'read', chat_id: chatId, message_id: newest }));
    const key = `${chatId} ${userId}`;
    if (verdict.kind === 'done') ledger.marks.set(key, Math.max(newest, ledger.marks.get(key) ?? 0));
  }

  while (!ended.aborted) {
    const chatId = random.pick(parts.chatIds);
    const kind = random.below(100);
    if (kind < 60) await send(chatId);
    else if (kind < 72) await change(`${device.name} edits ${random.word(20)}`);
    else if (kind < 75) await change(undefined);
    else if (kind < 88) await react(chatId);
    else await read(chatId);
    await delay(random.below(2 * parts.pauseMs), undefined, { signal: ended }).catch(() => {});
  }
}
