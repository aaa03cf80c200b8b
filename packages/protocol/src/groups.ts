import { Type, type Static } from 'typebox';
import { NAME_LENGTH } from './limits.ts';
import { ChatId, UserId } from './scalars.ts';

const GroupName = Type.String({
  minLength: NAME_LENGTH.min,
  description: `${NAME_LENGTH.min} to ${NAME_LENGTH.max} characters after trimming.`,
  examples: ['My Group'],
});

export const CreateGroup = Type.Object(
  {
    name: GroupName,
    members: Type.Optional(
      Type.Array(UserId, { maxItems: 200, description: 'Users to add at once; the creator is always in.' }),
    ),
  },
  { title: 'CreateGroup' },
);
export type CreateGroup = Static<typeof CreateGroup>;

export const UpdateGroup = Type.Object(
  {
    name: Type.Optional(GroupName),
    creator_id: Type.Optional(UserId),
  },
  {
    title: 'UpdateGroup',
    description: 'Rename (`name`), or hand the group over to another member (`creator_id`). What is left out stays.',
  },
);
export type UpdateGroup = Static<typeof UpdateGroup>;

export const Group = Type.Object(
  {
    id: ChatId,
    name: Type.String({ description: 'The name of the group.', examples: ['My Group'] }),
    creator_id: UserId,
    members: Type.Array(UserId, { description: 'The ids of its members, smallest first.', examples: [[1, 2, 3]] }),
  },
  { title: 'Group' },
);
export type Group = Static<typeof Group>;

export const Groups = Type.Object({ groups: Type.Array(Group) }, { title: 'Groups' });
export type Groups = Static<typeof Groups>;

export const MemberIds = Type.Array(UserId, { title: 'MemberIds', description: 'User ids, smallest first.' });
