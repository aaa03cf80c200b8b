import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { Api } from './api.ts';
import { describeSockets } from './asyncapi.ts';
import { withComponents, withOptionalExamples } from './openapi-components.ts';

const DESCRIPTION = `
The API of Beseda, a chat one can own.

**Try it here.** Press *Authorize*, give a username and a password, and every endpoint can be called from this page.

**Errors** are RFC 9457 problem details: \`code\` is stable and for programs, \`detail\` is for people, and \`errors\`
names each invalid field.

**Sockets.** \`/ws\` is one socket for everything: sign in, name what you hold, get what you lack and all that comes.
\`/ws/{chat_id}?token=…\` is one chat; the page at [/playground](/playground) does it in the browser. Both are described
in [/asyncapi.json](/asyncapi.json), and this page in [/openapi.json](/openapi.json).
`.trim();

const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What Swagger UI has no setting for. */
const STYLE = `
/* The plugin's own address of the document; the description names /openapi.json. */
.swagger-ui .info hgroup > a.link { display: none; }
/* Username and password first, where the cursor is, and nothing to ask for that this server does not want. */
.swagger-ui .dialog-ux .modal-ux-content { display: flex; flex-direction: column-reverse; }
.swagger-ui .auth-container .wrapper:has(> label[for^='client_'], > label[for='password_type']) { display: none; }
.swagger-ui .scope-def { display: none; }
`;

/** Collects the OpenAPI 3.1 document from the routes registered after it. */
export async function describeApi(app: Api): Promise<void> {
  await app.register(swagger, {
    // Only documents of OpenAPI 3 are made here, never of the version before it.
    transformObject: (made) =>
      'openapiObject' in made ? withOptionalExamples(withComponents(made.openapiObject)) : made.swaggerObject,
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
        { name: 'messages', description: 'Sending, history, editing, deleting, reactions' },
        { name: 'files', description: 'Files and images of messages' },
        { name: 'operation', description: 'For those who run the server' },
      ],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
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

/** `/docs` for people, `/openapi.json` and `/asyncapi.json` for programs. */
export async function serveDocs(app: Api): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    // Not the plugin's own policy: that one upgrades requests to HTTPS, which a server in a local network has not got.
    staticCSP: DOCS_POLICY,
    theme: { title: 'Beseda: the API', css: [{ filename: 'beseda.css', content: STYLE }] },
    uiConfig: {
      layout: 'BaseLayout',
      deepLinking: true,
      persistAuthorization: true,
      displayRequestDuration: true,
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  const sockets = describeSockets();
  app.get('/asyncapi.json', { schema: { hide: true } }, async () => sockets);
}
