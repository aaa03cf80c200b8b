import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../packages/server/testing/random.ts';
import type { Device } from '../devices/device.ts';
import type { Findings } from '../findings.ts';
import type { Rest } from '../rest.ts';
import type { Database } from '../world/database.ts';

export interface RemovalParts {
  /** Of groups, with the device of the creator, and those of all others by user. */
  groups: readonly { chatId: number; creator: Device; others: readonly Device[][] }[];
  rest: Rest;
  database: Database;
  findings: Findings;
  random: Random;
  count: number;
  lengthMs: number;
  ended: AbortSignal;
}

/**
 * Removes members and lets them in again. Between the two, whatever is written in the chat has a version past that of
 * the removal, and none of it may reach any device of theirs. Settles with how often it was done.
 */
export async function removeMembers(parts: RemovalParts): Promise<number> {
  const { rest, database, findings, random, ended } = parts;
  let done = 0;

  async function removeOne(): Promise<void> {
    const { chatId, creator, others } = random.pick(parts.groups);
    const devices = random.pick(others);
    const userId = devices[0]?.account.id ?? 0;
    const path = `/groups/${chatId}/members/${userId}`;
    const removed = await rest.insist('DELETE', path, { token: creator.token() });
    if (![204, 404].includes(removed.status)) {
      findings.report('error', `removing ${userId} from chat ${chatId} was answered ${removed.status}`);
      return;
    }
    const [row] = await database.query<{ version: string }>(
      'SELECT version FROM members WHERE chat_id = $1 AND user_id = $2 AND left_at IS NOT NULL',
      [chatId, userId],
    );
    if (row === undefined) {
      findings.report('missing', `the removal of ${userId} from chat ${chatId}`);
      return;
    }
    await delay(random.below(2500), undefined, { signal: ended }).catch(() => {});
    for (const { name, state } of devices) {
      const heard = state.highest(chatId);
      if (heard > Number(row.version)) {
        findings.report('fence', `${name} heard version ${heard} of chat ${chatId}, removed at ${row.version}`);
      }
    }
    const added = await rest.insist('POST', path, { token: creator.token() });
    if (added.status !== 204) {
      findings.report('error', `adding ${userId} to chat ${chatId} was answered ${added.status}`);
    }
    done += 1;
  }

  for (let index = 0; index < parts.count && !ended.aborted; index += 1) {
    await delay(random.below(parts.lengthMs / parts.count), undefined, { signal: ended }).catch(() => {});
    await removeOne();
  }
  return done;
}
