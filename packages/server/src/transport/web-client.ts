import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from './api.ts';
import { ProblemError } from '../domain/problem.ts';
import { buildMark, readWebFiles, type WebFile, type WebFiles } from './web-files.ts';

/**
 * What the client's page may do: run and show its own files, talk to its own server, and nothing else. No script is
 * made from text, which `require-trusted-types-for` has the browser enforce; the policies it lets be made are the page's
 * own, each of which passes the address of one worker and nothing else.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types service-worker highlighter',
].join('; ');

/** The service worker keeps files of its own server. */
const WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

/** Files beside the page whose names stay. */
const NAMED = [
  'favicon.svg',
  'manifest.webmanifest',
  'icon-180.png',
  'icon-192.png',
  'icon-512.png',
  'icon-maskable-512.png',
  'service-worker.js',
];

/** The names of files below `assets` change with what is in them, so they may be kept for ever: a year, by custom. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * The web client at `/`, and its addresses in the browser's bar: `/c/5` is a chat, `/c/5/123` a message. Without a
 * built one, `/` leads to the documentation.
 *
 * @param folder where it is built to; a build that happens while the server runs is noticed.
 */
export async function serveWebClient(app: Api, folder: string | undefined): Promise<void> {
  let files: WebFiles | undefined;
  let mark: string | undefined;

  /** Browsers that have kept the page ask for the service worker first: either finds a new build. */
  async function look(): Promise<void> {
    if (folder === undefined) return;
    const now = await buildMark(folder);
    if (now === mark) return;
    files = await readWebFiles(folder);
    mark = now;
  }

  async function page(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await look();
    const index = files?.get('index.html');
    if (index === undefined) return reply.redirect('/docs');
    void reply.headers({ 'content-security-policy': POLICY, 'cache-control': 'no-cache' });
    return send(request, reply, index);
  }

  async function asset(request: FastifyRequest, reply: FastifyReply, path: string, cache: string) {
    const file = files?.get(path);
    if (file === undefined) throw new ProblemError('not_found', `There is nothing at /${path}. See /docs for what is.`);
    void reply.header('cache-control', cache);
    return send(request, reply, file);
  }

  await look();
  const hidden = { schema: { hide: true }, config: { cors: false } } as const;
  const addresses = folder === undefined ? ['/'] : ['/', '/c/:chat_id', '/c/:chat_id/:message_id'];
  for (const address of addresses) app.get(address, hidden, async (request, reply) => page(request, reply));
  if (folder === undefined) return;
  app.get<{ Params: { name: string } }>('/assets/:name', hidden, async (request, reply) =>
    asset(request, reply, `assets/${request.params.name}`, FOR_EVER),
  );
  for (const name of NAMED) {
    app.get(`/${name}`, hidden, async (request, reply) => {
      await look();
      if (name === 'service-worker.js') void reply.header('content-security-policy', WORKER_POLICY);
      return asset(request, reply, name, 'no-cache');
    });
  }
}

/** In the best encoding that the browser takes. */
function send(request: FastifyRequest, reply: FastifyReply, file: WebFile): FastifyReply {
  const accepted = request.headers['accept-encoding'] ?? '';
  const encoding = ['br', 'gzip'].find((name) => file.bodies.has(name) && accepts(accepted, name)) ?? 'identity';
  if (encoding !== 'identity') void reply.header('content-encoding', encoding);
  return reply
    .headers({ vary: 'accept-encoding', 'cross-origin-resource-policy': 'same-origin' })
    .type(file.type)
    .send(file.bodies.get(encoding));
}

function accepts(header: string, encoding: string): boolean {
  return header.split(',').some((item) => {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0+)?$/.test(parameter));
  });
}
