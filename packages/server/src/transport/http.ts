import cors from '@fastify/cors';
import formbody from '@fastify/formbody';
import { BODY_BYTES } from '@beseda/protocol/limits.ts';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { invalidInput } from '../domain/problem.ts';
import type { Api } from './api.ts';
import { requireIdentity } from './authentication.ts';
import type { Context } from './context.ts';
import { describeApi, serveDocs } from './docs.ts';
import { GUARDS } from './guards.ts';
import { isOverloaded, overloaded } from './overload.ts';
import { mayHoldUnstorable, unstorableTexts } from './storable-text.ts';
import { parseJson } from './json-body.ts';
import { servePlayground } from './playground.ts';
import { answerBadAddress, answerUnreadable, useProblems } from './problems.ts';
import { accountRoutes } from './routes/account.ts';
import { chatRoutes } from './routes/chats.ts';
import { configurationRoutes } from './routes/configuration.ts';
import { exportRoutes } from './routes/exports.ts';
import { fileContentRoutes } from './routes/file-contents.ts';
import { fileRoutes } from './routes/files.ts';
import { groupRoutes } from './routes/groups.ts';
import { forwardRoutes } from './routes/forward.ts';
import { oneMessageRoutes } from './routes/message.ts';
import { pinRoutes } from './routes/pins.ts';
import { markRoutes } from './routes/marks.ts';
import { messageRoutes } from './routes/messages.ts';
import { operationRoutes } from './routes/operation.ts';
import { peopleRoutes } from './routes/people.ts';
import { registrationRoutes } from './routes/registration.ts';
import { searchRoutes } from './routes/search.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { tokenRoutes } from './routes/token.ts';
import { webSessionRoutes } from './routes/web-session.ts';
import { useValidation } from './validation.ts';
import { serveWebClient } from './web-client.ts';

export interface HttpOptions {
  logger: FastifyBaseLogger;
  corsOrigins: '*' | string[];
  trustProxy: boolean | string[];
  /** Where the web client is built to; undefined: it is not served. */
  webFolder: string | undefined;
}

/** What a client gets to send all of a request. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP server with every route, not listening yet. */
export async function createHttp(context: Context, options: HttpOptions): Promise<Api> {
  const app: Api = Fastify<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: options.trustProxy,
    bodyLimit: BODY_BYTES,
    // A request that trickles in forever holds a connection, and acts on an authentication long past.
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Other upgrades are offers that HTTP lets a server pass over (RFC 9110, section 7.8): Java's client offers h2c.
    http: { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    // However long, a parameter is for the schema of its route to judge.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 65_536 },
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerUnreadable,
  });
  useProblems(app);
  useValidation(app);
  useBodies(app);
  observe(app, context);
  await app.register(cors, {
    origin: options.corsOrigins,
    credentials: false,
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'upload-offset'],
    exposedHeaders: ['retry-after', 'x-request-id', 'idempotency-replayed', 'www-authenticate'],
    maxAge: 86_400,
    strictPreflight: false,
  });
  await describeApi(app);

  await app.register(
    async (api) => {
      await api.register(async (token) => {
        await token.register(formbody);
        tokenRoutes(token, context);
      });
      registrationRoutes(api, context);
      configurationRoutes(api, context);
      await api.register(async (web) => webSessionRoutes(web, context));
      fileContentRoutes(api, context);
      await api.register(async (signedIn) => {
        heavyMakesWay(signedIn, context);
        requireIdentity(signedIn, context);
        sessionRoutes(signedIn, context);
        accountRoutes(signedIn, context);
        peopleRoutes(signedIn, context);
        chatRoutes(signedIn, context);
        exportRoutes(signedIn, context);
        groupRoutes(signedIn, context);
        messageRoutes(signedIn, context);
        oneMessageRoutes(signedIn, context);
        pinRoutes(signedIn, context);
        forwardRoutes(signedIn, context);
        markRoutes(signedIn, context);
        searchRoutes(signedIn, context);
        await signedIn.register(async (files) => fileRoutes(files, context));
      });
    },
    { prefix: '/api/v1' },
  );
  operationRoutes(app, context);
  await servePlayground(app);
  await serveDocs(app);
  await serveWebClient(app, options.webFolder);
  return app;
}

/** What bodies may be: JSON everywhere, in UTF-8 and fit to be stored. */
function useBodies(app: Api): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      // Clients that always name a content type name it for requests without a body too.
      if (bytes.length === 0 && request.routeOptions.schema?.body === undefined) return undefined;
      const body = parseJson(bytes);
      // A valid UTF-8 body can only hold unstorable characters by an escape, so the walk is rarely needed.
      if (mayHoldUnstorable(bytes.toString('latin1'))) refuseUnstorable(body, 'body');
      return body;
    },
  );
  app.addHook('preValidation', (request, _reply, done) => {
    refuseUnstorable(request.query, 'query');
    if (request.headers['content-type']?.startsWith('application/json') !== true)
      refuseUnstorable(request.body, 'body');
    done();
  });
}

function refuseUnstorable(input: unknown, part: 'body' | 'query'): void {
  const found = unstorableTexts(input, [part]);
  if (found.length > 0) throw invalidInput(found);
}

/** Refuses what reads much while there is too much to do, before anything is looked up for it. */
function heavyMakesWay(app: FastifyInstance, context: Context): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const refused = request.routeOptions.config.heavy === true && isOverloaded(context.load);
    if (refused) context.metrics.refused('request');
    done(refused ? overloaded() : undefined);
  });
}

/** Names each request, guards its answer, and logs and counts it once it is answered. */
function observe(app: Api, context: Context): void {
  // Not answered before what came along with its head is parsed too: where that is no HTTP, its refusal is the one answer.
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id).headers(GUARDS);
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A kept-alive connection would hold the stop up until it is cut off.
    if (!context.accepting()) void reply.header('connection', 'close');
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    context.metrics.httpRequest(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
    request.log.info(
      {
        method: request.method,
        path: request.url.split('?')[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        address: request.ip,
        user: request.identity?.userId,
      },
      'answered',
    );
    done();
  });
}
