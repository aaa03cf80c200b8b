import { Chat } from '@beseda/protocol/chats.ts';
import { Group } from '@beseda/protocol/groups.ts';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Registered } from '@beseda/protocol/users.ts';
import { Value } from 'typebox/value';
import type { Random } from '../packages/server/testing/random.ts';
import type { Account } from './devices/device.ts';
import type { Rest } from './rest.ts';

export interface Town {
  accounts: Account[];
  groups: { chatId: number; creator: Account; others: Account[] }[];
  personal: { chatId: number; pair: [Account, Account] }[];
}

/** The chats that a user is in, or is let into again. */
export function chatIdsOf({ groups, personal }: Town, account: Account): number[] {
  return [
    ...groups.filter(({ creator, others }) => [creator, ...others].includes(account)),
    ...personal.filter(({ pair }) => pair.includes(account)),
  ].map(({ chatId }) => chatId);
}

/** Registers users, and makes groups of some of them and personal chats of pairs. */
export async function makeTown(rest: Rest, random: Random, users: number, chats: number): Promise<Town> {
  const accounts: Account[] = [];
  const tokens = new Map<Account, string>();
  for (let number = 1; number <= users; number += 1) {
    const login = { username: `user${number}`, password: random.word(12) };
    const registered = await rest.insist('POST', '/auth/register', {
      json: { ...login, email: `user${number}@example.com` },
    });
    const account = { ...login, id: Value.Parse(Registered, registered.body).id };
    const signedIn = await rest.insist('POST', '/auth/token', { json: login });
    accounts.push(account);
    tokens.set(account, Value.Parse(Tokens, signedIn.body).access_token);
  }
  const groups: Town['groups'] = [];
  for (let number = 1; number <= chats; number += 1) {
    const creator = random.pick(accounts);
    const others = accounts.filter((account) => account !== creator && random.chance(0.6));
    // One at least, to be removed and let in again.
    if (others.length === 0) others.push(...accounts.filter((account) => account !== creator).slice(0, 1));
    const json = { name: `Group ${number}`, members: others.map(({ id }) => id) };
    const { body } = await rest.insist('POST', '/groups/', { token: tokens.get(creator), json });
    groups.push({ chatId: Value.Parse(Group, body).id, creator, others });
  }
  const personal: Town['personal'] = [];
  for (const [index, one] of accounts.entries()) {
    const other = accounts[index + 1];
    if (index % 2 === 1 || other === undefined) continue;
    const { body } = await rest.insist('POST', '/chats/', { token: tokens.get(one), json: { user_id: other.id } });
    personal.push({ chatId: Value.Parse(Chat, body).id, pair: [one, other] });
  }
  return { accounts, groups, personal };
}
