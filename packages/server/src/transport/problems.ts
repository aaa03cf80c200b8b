import { errors, type ErrorCode, type Problem } from '@beseda/protocol/errors.ts';
import { BODY_BYTES } from '@beseda/protocol/limits.ts';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { invalidInput, ProblemError } from '../domain/problem.ts';
import { GUARDS } from './guards.ts';
import { inputErrors } from './validation.ts';

/** Makes every error leave the server as `application/problem+json` with a code of the error table. */
export function useProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const problem = asProblem(error);
    // What the server refuses by itself, because it stops or has too much to do, is counted and not logged one by one.
    const fault = problem.code === 'internal' || problem.cause !== undefined;
    if (fault && errors[problem.code].status >= 500) {
      request.log.error({ err: problem.cause ?? error }, problem.message);
    }
    return sendProblem(reply, problem);
  });
  const routes = collectRoutes(app);
  app.setNotFoundHandler(async (request, reply) => {
    const path = (request.url.split('?')[0] ?? '').replace(/(.)\/$/, '$1');
    const allowed = [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))];
    if (allowed.length === 0)
      throw new ProblemError('not_found', `There is nothing at ${path}. See /docs for what is.`);
    void reply.header('allow', allowed.join(', '));
    throw new ProblemError('method_not_allowed', `${path} takes ${allowed.join(', ')}, not ${request.method}.`);
  });
}

/** Answers a request whose address cannot be decoded, which reaches no route. */
export function answerBadAddress(_error: FastifyError, request: { id: string }, reply: FastifyReply): void {
  void reply.headers({ 'x-request-id': request.id, ...GUARDS });
  const problem = new ProblemError('malformed_request', 'The address holds a % that is no escape: write %25 for it.');
  void sendProblem(reply, problem);
}

/** Answers what cannot be read as HTTP, and ends the connection: where the next request would begin is unknown. */
export function answerUnreadable(error: Error & { code: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new ProblemError('too_large', 'The address and the headers together are longer than 16 KiB.')
      : new ProblemError(
          'malformed_request',
          error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'The request took too long to come.' : 'This is not HTTP.',
        );
  const { status } = errors[problem.code];
  const body = JSON.stringify(problemBody(problem));
  const headers = {
    ...GUARDS,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  socket.destroySoon();
}

/** The routes that will be registered, to tell a wrong method from a wrong address. */
function collectRoutes(app: FastifyInstance): { pattern: RegExp; methods: string[] }[] {
  const routes: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const path = url
      .replace(/(.)\/$/, '$1')
      .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll(/:\w+/g, '[^/]+');
    routes.push({ pattern: new RegExp(`^${path}$`), methods: [method].flat() });
  });
  return routes;
}

/** The error in the words of the table, whatever threw it. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isFastifyError(error)) {
    if (error.validation !== undefined)
      return invalidInput(inputErrors(error.validation, [PARTS[error.validationContext ?? ''] ?? 'body']));
    const code = FRAMEWORK_ERRORS[error.code] ?? (isClientError(error.statusCode) ? 'malformed_request' : undefined);
    if (code !== undefined) return new ProblemError(code, DETAILS[code] ?? error.message, { cause: error });
  }
  if (isDatabaseAway(error)) {
    return new ProblemError('unavailable', 'The database does not answer just now: try again in a moment.', {
      retryAfter: 1,
      cause: error,
    });
  }
  return new ProblemError('internal', 'Something went wrong on the server. It has been logged under the request id.', {
    cause: error,
  });
}

export function problemBody(problem: ProblemError): Problem {
  const { status, title } = errors[problem.code];
  return {
    type: 'about:blank',
    title,
    status,
    detail: problem.message,
    code: problem.code,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...(problem.retryAfter === undefined ? {} : { retry_after: problem.retryAfter }),
  };
}

async function sendProblem(reply: FastifyReply, problem: ProblemError): Promise<FastifyReply> {
  const { status } = errors[problem.code];
  if (status === 401 && problem.code !== 'wrong_credentials') {
    void reply.header('www-authenticate', 'Bearer realm="beseda"');
  } else if (status === 401) {
    // The password grant has no challenge of its own (RFC 6749, section 5.2); clients still expect the header.
    void reply.header('www-authenticate', 'Bearer realm="beseda", error="invalid_grant"');
  }
  if (problem.retryAfter !== undefined) void reply.header('retry-after', String(problem.retryAfter));
  return reply.code(status).type('application/problem+json').send(problemBody(problem));
}

const PARTS: Partial<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

const FRAMEWORK_ERRORS: Partial<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
};

const DETAILS: Partial<Record<ErrorCode, string>> = {
  too_large: `The body is larger than ${BODY_BYTES} bytes: send less at once.`,
  unsupported_media_type: 'Send the body as JSON, with Content-Type: application/json (tokens also as a form).',
};

function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    ('statusCode' in error || 'validation' in error)
  );
}

function isClientError(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500;
}

/**
 * Lost or refused connections, a full pool, a server that starts or stops (SQLSTATE classes 08, 53, 57P), and what
 * waited too long for a lock or took too long (55P03, 57014).
 */
function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(08|53|57P|55P03|57014)/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/.test(code) ||
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/.test(
      error.message,
    )
  );
}
