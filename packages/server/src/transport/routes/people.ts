import { PAGE_SIZE } from '@beseda/protocol/limits.ts';
import { UserId } from '@beseda/protocol/scalars.ts';
import { Person, User } from '@beseda/protocol/users.ts';
import { Type } from 'typebox';
import { findPeople, getUser } from '../../domain/people.ts';
import { presenceSeenBy } from '../../domain/presence.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

/** `GET /users/`, `GET /users/{user_id}` */
export function peopleRoutes(api: Api, context: Context): void {
  api.get(
    '/users/',
    {
      schema: {
        tags: ['users'],
        operationId: 'findPeople',
        summary: 'Find people',
        description: 'By the start of their username or display name, without regard to case; sorted by username.',
        querystring: Type.Object({
          query: Type.String({ minLength: 1, maxLength: 100, description: 'The start of a name.', examples: ['us'] }),
          limit: Type.Integer({
            minimum: PAGE_SIZE.min,
            maximum: PAGE_SIZE.max,
            default: 20,
            description: 'How many at most.',
            examples: [20],
          }),
        }),
        response: answers({ 200: told('Those found.', Type.Array(User)) }, []),
      },
    },
    async ({ query }): Promise<User[]> => findPeople(context.db, query.query, query.limit),
  );

  api.get(
    '/users/:user_id',
    {
      schema: {
        tags: ['users'],
        operationId: 'getPerson',
        summary: 'A person',
        description:
          'What everyone may know of a user; and to those who share a chat of up to 100 members with them, whether they are online, or were last.',
        params: Type.Object({ user_id: UserId }),
        response: answers({ 200: told('The person.', Person) }, ['user_not_found']),
      },
    },
    async ({ identity, params }): Promise<Person> => {
      const { db, presence } = context;
      const user = await getUser(db, params.user_id);
      const { online, last_seen_at } = await presenceSeenBy(db, identity.userId, user.id, presence.isOnline);
      return { ...user, online, last_seen_at };
    },
  );
}
