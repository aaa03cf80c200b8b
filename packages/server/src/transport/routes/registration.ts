import { Register, Registered } from '@beseda/protocol/users.ts';
import { register } from '../../domain/accounts.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { addressKey } from '../throttle.ts';

/** `POST /auth/register` */
export function registrationRoutes(api: Api, context: Context): void {
  api.post(
    '/auth/register',
    {
      schema: {
        tags: ['auth'],
        security: [],
        operationId: 'registerAccount',
        summary: 'Register',
        description: 'Makes an account. Usernames and e-mail addresses are unique without regard to case.',
        body: Register,
        response: answers(
          { 201: told('The account.', Registered) },
          ['username_taken', 'email_taken', 'too_many_requests'],
          'body',
          'anyone',
        ),
      },
    },
    async (request, reply) => {
      const address = addressKey(request.ip);
      const throttle = context.throttles.registration;
      throttle.check(address);
      // Taken first, so that registrations made at once count too; only those that succeed count in the end.
      throttle.spend(address);
      const account = await register(context.db, request.body, context.passwordRules, context.clock.now()).catch(
        (error: unknown) => {
          throttle.giveBack(address);
          throw error;
        },
      );
      request.log.info({ event: 'registered', user: account.id, address: request.ip }, 'registered');
      return reply.code(201).send(account);
    },
  );
}
