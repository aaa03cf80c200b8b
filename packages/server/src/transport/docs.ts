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

const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The second is of the style inside the logo that Swagger UI brings along.
  "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

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
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
          metrics: { type: 'http', scheme: 'bearer', description: 'METRICS_TOKEN.' },
          // The last one is where the dialog for authorising puts the cursor.
          password: {
            type: 'oauth2',
            description: 'Sign in with username and password.',
            flows: { password: { tokenUrl: '/api/v1/auth/token', refreshUrl: '/api/v1/auth/token', scopes: {} } },
          },
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
    // Not the plugin's own policy: that one upgrades requests to HTTPS, which a server in a local network has not got.
    staticCSP: DOCS_POLICY,
    theme: { title: 'Beseda: the API' },
    uiConfig: { deepLinking: true, persistAuthorization: true, displayRequestDuration: true, docExpansion: 'list' },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/docs'));
}
