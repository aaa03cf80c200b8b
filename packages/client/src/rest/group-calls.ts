import { Group, Groups, MemberIds, type CreateGroup, type UpdateGroup } from '@beseda/protocol/groups.ts';
import type { Call } from './api.ts';
import { Nothing } from './nothing.ts';

/** Groups and who is in them. */
export function groupCalls(call: Call) {
  return {
    create: async (json: CreateGroup) => call('POST', '/groups/', { answer: Group, json }),
    list: async () => (await call('GET', '/groups/', { answer: Groups })).groups,
    get: async (groupId: number) => call('GET', `/groups/${groupId}`, { answer: Group }),
    /** Renames it or hands it over. */
    update: async (groupId: number, json: UpdateGroup) => call('PATCH', `/groups/${groupId}`, { answer: Group, json }),
    members: async (groupId: number) => call('GET', `/groups/${groupId}/members`, { answer: MemberIds }),
    addMember: async (groupId: number, userId: number) =>
      call('POST', `/groups/${groupId}/members/${userId}`, { answer: Nothing }),
    removeMember: async (groupId: number, userId: number) =>
      call('DELETE', `/groups/${groupId}/members/${userId}`, { answer: Nothing }),
    leave: async (groupId: number) => call('DELETE', `/groups/${groupId}/members/me`, { answer: Nothing }),
  };
}
