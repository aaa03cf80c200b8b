import { Account, UpdateAccount } from '@beseda/protocol/users.ts';
import { getAccount, updateAccount } from '../../domain/accounts.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

/** `GET|PATCH /users/me` */
export function accountRoutes(api: Api, context: Context): void {
  api.get(
    '/users/me',
    {
      schema: {
        tags: ['users'],
        operationId: 'getAccount',
        summary: 'My account',
        description: 'What the server knows of the user who asks, the e-mail address included.',
        response: answers({ 200: told('The account.', Account) }, [], 'none'),
      },
    },
    async ({ identity }): Promise<Account> => getAccount(context.db, identity.userId),
  );

  api.patch(
    '/users/me',
    {
      schema: {
        tags: ['users'],
        operationId: 'updateAccount',
        summary: 'Change my account',
        description:
          'The display name, the language, and whether others see when the user is online. What is left out stays as it is; null clears.',
        body: UpdateAccount,
        response: answers({ 200: told('The account.', Account) }, [], 'body'),
      },
    },
    async ({ identity, body }): Promise<Account> => {
      const account = await updateAccount(context.db, identity.userId, body);
      if (body.last_seen_visible !== undefined) context.presence.decided(account.id, body.last_seen_visible);
      return account;
    },
  );
}
