import { ServerConfig } from '@beseda/protocol/web.ts';
import { TEST_PASSWORD, testUsernames } from '../../domain/test-data.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

/** `GET /config` */
export function configurationRoutes(api: Api, context: Context): void {
  api.get(
    '/config',
    {
      schema: {
        tags: ['operation'],
        security: [],
        operationId: 'getConfig',
        summary: 'What a client should know first',
        description:
          'For sign-in pages: outside production, the users of the test data where it is there. Of files: how large they may be.',
        response: answers({ 200: told('The configuration.', ServerConfig) }, [], 'none', 'anyone'),
      },
    },
    async (): Promise<ServerConfig> => {
      const usernames = context.production ? [] : await testUsernames(context.db);
      return {
        test_users: usernames.map((username) => ({ username, password: TEST_PASSWORD })),
        files: context.files.limits,
      };
    },
  );
}
