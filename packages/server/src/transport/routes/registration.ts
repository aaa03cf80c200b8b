import { Register, Registered } from '@beseda/protocol/users.ts';
import { register } from '../../domain/accounts.ts';
import { answers } from '../answers.ts';
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
        summary: 'Register',
        description: 'Makes an account. Usernames and e-mail addresses are unique without regard to case.',
        body: Register,
        response: answers({ 201: Registered }, ['username_taken', 'email_taken', 'too_many_requests'], 'body'),
      },
    },
    async (request, reply) => {
      const address = addressKey(request.ip);
      context.throttles.registration.check(address);
      const account = await register(context.db, request.body, context.passwordRules, context.clock.now());
      context.throttles.registration.spend(address);
      request.log.info({ event: 'registered', user: account.id, address: request.ip }, 'registered');
      return reply.code(201).send(account);
    },
  );
}
