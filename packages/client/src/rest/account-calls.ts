import { Sessions, type ChangePassword } from '@beseda/protocol/auth.ts';
import { ServerConfig } from '@beseda/protocol/web.ts';
import { Account, Person, Registered, User, type Register, type UpdateAccount } from '@beseda/protocol/users.ts';
import { Type } from 'typebox';
import type { Call } from './api.ts';
import type { Ask } from './ask.ts';
import { Nothing } from './nothing.ts';

const People = Type.Array(User);

/** The own account, its sessions, and other people. */
export function accountCalls(ask: Ask, call: Call) {
  return {
    register: async (json: Register) => ask('POST', '/auth/register', { answer: Registered, json }),
    /** What to know before anybody has signed in. */
    config: async () => ask('GET', '/config', { answer: ServerConfig }),
    get: async () => call('GET', '/users/me', { answer: Account }),
    update: async (json: UpdateAccount) => call('PATCH', '/users/me', { answer: Account, json }),
    changePassword: async (json: ChangePassword) => call('POST', '/auth/password', { answer: Nothing, json }),
    /** Ends this session. */
    signOut: async () => call('POST', '/auth/logout', { answer: Nothing }),
    sessions: async () => call('GET', '/auth/sessions', { answer: Sessions }),
    endOtherSessions: async () => call('DELETE', '/auth/sessions', { answer: Nothing }),
    endSession: async (id: string) => call('DELETE', `/auth/sessions/${encodeURIComponent(id)}`, { answer: Nothing }),
    /** People by the start of a name. */
    findPeople: async (query: string, limit?: number) =>
      call('GET', '/users/', { answer: People, query: { query, limit } }),
    person: async (id: number) => call('GET', `/users/${id}`, { answer: Person }),
  };
}
