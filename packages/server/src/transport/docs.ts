import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { Api } from './api.ts';

const DESCRIPTION = `
The API of Beseda, a chat one can own.

**Try it here.** Press *Authorize*, give a username and a password, and every endpoint can be called from this page.

**Errors** are RFC 9457 problem details: \`code\` is stable and for programs, \`detail\` is for people, and \`errors\`
names each invalid field.

**Sockets.** \`/ws/{chat_id}?token=…\` takes \`{"type":"message","text":"…"}\` and \`{"type":"read","message_id":3}\`,
and tells what happens in the chat. The page at [/playground](/playground) does it in the browser.
`.trim();

/** Collects the OpenAPI 3.1 document from the routes registered after it. */
export async function describeApi(app: Api): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Beseda',
        version: '0.1.0',
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This server' }],
      tags: [
        { name: 'auth', description: 'Accounts, sessions, tokens' },
        { name: 'users', description: 'People' },
        { name: 'chats', description: 'Personal chats, the inbox, what changed' },
        { name: 'groups', description: 'Groups and their members' },
        { name: 'messages', description: 'Sending and history' },
        { name: 'operation', description: 'For those who run the server' },
      ],
      components: {
        securitySchemes: {
          password: {
            type: 'oauth2',
            description: 'Sign in with username and password.',
            flows: { password: { tokenUrl: '/api/v1/auth/token', refreshUrl: '/api/v1/auth/token', scopes: {} } },
          },
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
          metrics: { type: 'http', scheme: 'bearer', description: 'METRICS_TOKEN.' },
        },
      },
      security: [{ password: [] }, { token: [] }],
    },
  });
}

/** `/docs` for people, `/openapi.json` for programs. */
export async function serveDocs(app: Api): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: 'Beseda: the API' },
    uiConfig: { deepLinking: true, persistAuthorization: true, displayRequestDuration: true, docExpansion: 'list' },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'));
}
