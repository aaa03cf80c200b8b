import { CreateGroup, Group, Groups, MemberIds, UpdateGroup } from '@beseda/protocol/groups.ts';
import { ChatId, UserId } from '@beseda/protocol/scalars.ts';
import { Type } from 'typebox';
import { addMember, createGroup, getGroup, listGroups, removeMember, updateGroup } from '../../domain/groups.ts';
import { answers, noContent, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

const OneGroup = Type.Object({ group_id: ChatId });
const OneMember = Type.Object({ group_id: ChatId, user_id: UserId });

/** `GET|POST /groups/`, `GET|PATCH /groups/{group_id}`, and the members of a group. */
export function groupRoutes(api: Api, context: Context): void {
  const { db, clock, perform } = context;

  api.post(
    '/groups/',
    {
      schema: {
        tags: ['groups'],
        operationId: 'createGroup',
        summary: 'Create a group',
        description: 'Its creator is its first member; `members` adds others at once.',
        body: CreateGroup,
        response: answers({ 201: told('The group.', Group) }, ['user_not_found'], 'body'),
      },
    },
    async ({ identity, body }, reply) =>
      reply.code(201).send(await perform(async (tx) => createGroup(tx, identity.userId, body, clock.now()))),
  );

  api.get(
    '/groups/',
    {
      schema: {
        tags: ['groups'],
        operationId: 'listGroups',
        summary: 'My groups',
        description: 'The groups that the user is a member of, each with the ids of its members.',
        response: answers({ 200: told('The groups, by id.', Groups) }, [], 'none'),
      },
    },
    async ({ identity }): Promise<Groups> => ({ groups: await listGroups(db, identity.userId) }),
  );

  api.get(
    '/groups/:group_id',
    {
      schema: {
        tags: ['groups'],
        operationId: 'getGroup',
        summary: 'A group',
        description: 'Its name, its creator and its members. Only members may read it.',
        params: OneGroup,
        response: answers({ 200: told('The group.', Group) }, ['chat_not_found']),
      },
    },
    async ({ identity, params }): Promise<Group> => getGroup(db, identity.userId, params.group_id),
  );

  api.patch(
    '/groups/:group_id',
    {
      schema: {
        tags: ['groups'],
        operationId: 'updateGroup',
        summary: 'Rename a group, or hand it over',
        description: 'Only its creator may. `creator_id` names the member who becomes the creator.',
        params: OneGroup,
        body: UpdateGroup,
        response: answers(
          { 200: told('The group.', Group) },
          ['chat_not_found', 'forbidden', 'member_not_found'],
          'body',
        ),
      },
    },
    async ({ identity, params, body }): Promise<Group> =>
      perform(async (tx) => updateGroup(tx, identity.userId, params.group_id, body)),
  );

  api.get(
    '/groups/:group_id/members',
    {
      schema: {
        tags: ['groups'],
        operationId: 'listMembers',
        summary: "A group's members",
        description: 'The ids alone; `GET /users/{user_id}` tells who they are. Only members may ask.',
        params: OneGroup,
        response: answers({ 200: told('The ids of the members.', MemberIds) }, ['chat_not_found']),
      },
    },
    async ({ identity, params }): Promise<number[]> => (await getGroup(db, identity.userId, params.group_id)).members,
  );

  api.post(
    '/groups/:group_id/members/:user_id',
    {
      schema: {
        tags: ['groups'],
        operationId: 'addMember',
        summary: 'Add a member',
        description: 'Any member may. Adding one who is in already changes nothing.',
        params: OneMember,
        response: answers({ 204: noContent('The user is a member.') }, [
          'chat_not_found',
          'user_not_found',
          'group_full',
        ]),
      },
    },
    async ({ identity, params }, reply) => {
      await perform(async (tx) => addMember(tx, identity.userId, params.group_id, params.user_id, clock.now()));
      return reply.code(204).send();
    },
  );

  api.delete(
    '/groups/:group_id/members/me',
    {
      schema: {
        tags: ['groups'],
        operationId: 'leaveGroup',
        summary: 'Leave a group',
        description: 'Anyone but its creator, who hands it over first.',
        params: OneGroup,
        response: answers({ 204: noContent('Left.') }, ['chat_not_found', 'creator_stays']),
      },
    },
    async ({ identity, params }, reply) => {
      await perform(async (tx) => removeMember(tx, identity.userId, params.group_id, identity.userId, clock.now()));
      return reply.code(204).send();
    },
  );

  api.delete(
    '/groups/:group_id/members/:user_id',
    {
      schema: {
        tags: ['groups'],
        operationId: 'removeMember',
        summary: 'Remove a member',
        description: 'The creator may remove others; anyone may remove themself; nobody removes the creator.',
        params: OneMember,
        response: answers({ 204: noContent('Removed.') }, [
          'chat_not_found',
          'forbidden',
          'creator_stays',
          'member_not_found',
        ]),
      },
    },
    async ({ identity, params }, reply) => {
      await perform(async (tx) => removeMember(tx, identity.userId, params.group_id, params.user_id, clock.now()));
      return reply.code(204).send();
    },
  );
}
