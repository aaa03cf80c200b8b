import { Type, type Static } from 'typebox';
import { NAME_LENGTH } from './limits.ts';
import { ChatId, described, UserId } from './scalars.ts';

const GroupName = Type.String({
  minLength: NAME_LENGTH.min,
  description: `${NAME_LENGTH.min} to ${NAME_LENGTH.max} characters after trimming.`,
  examples: ['My Group'],
});

export const CreateGroup = Type.Object(
  {
    name: GroupName,
    members: Type.Optional(
      Type.Array(UserId, {
        maxItems: 200,
        description: 'Users to add at once; the creator is always in.',
        examples: [[2, 3]],
      }),
    ),
  },
  { title: 'CreateGroup', examples: [{ name: 'My Group', members: [2, 3] }] },
);
export type CreateGroup = Static<typeof CreateGroup>;

export const UpdateGroup = Type.Object(
  {
    name: Type.Optional(GroupName),
    creator_id: Type.Optional(described(UserId, 'The member who becomes the creator.')),
  },
  {
    title: 'UpdateGroup',
    description: 'Rename (`name`), or hand the group over to another member (`creator_id`). What is left out stays.',
    examples: [{ name: 'My Group' }],
  },
);
export type UpdateGroup = Static<typeof UpdateGroup>;

export const Group = Type.Object(
  {
    id: ChatId,
    name: Type.String({ description: 'The name of the group.', examples: ['My Group'] }),
    creator_id: described(UserId, 'The member who may rename the group and remove others.'),
    members: Type.Array(UserId, { description: 'The ids of its members, smallest first.', examples: [[1, 2, 3]] }),
  },
  { title: 'Group', description: 'A group and who is in it.' },
);
export type Group = Static<typeof Group>;

export const Groups = Type.Object(
  { groups: Type.Array(Group, { description: 'The smallest id first.' }) },
  { title: 'Groups', description: 'The groups of the user.' },
);
export type Groups = Static<typeof Groups>;

export const MemberIds = Type.Array(UserId, {
  title: 'MemberIds',
  description: 'User ids, smallest first.',
  examples: [[1, 2, 3]],
});
