import { timingSafeEqual, createHash } from 'node:crypto';
import { requireDatabase } from '../../domain/readiness.ts';
import { Type } from 'typebox';
import { ProblemError } from '../../domain/problem.ts';
import type { Api } from '../api.ts';
import { problems, told } from '../answers.ts';
import type { Context } from '../context.ts';

const Health = Type.Object(
  { status: Type.Literal('ok', { description: 'Always `ok`: where it is not, the answer is an error.' }) },
  { title: 'Health', description: 'All is well.' },
);

/** `/healthz`, `/readyz`, `/metrics`: for those who run the server. */
export function operationRoutes(app: Api, context: Context): void {
  app.get(
    '/healthz',
    {
      schema: {
        tags: ['operation'],
        operationId: 'checkHealth',
        summary: 'Is the process alive?',
        description: 'Answers as long as the process can answer at all; looks at nothing else.',
        security: [],
        response: { 200: told('It is.', Health) },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      schema: {
        tags: ['operation'],
        operationId: 'checkReadiness',
        summary: 'Does the server want requests?',
        description: 'Not while it stops, and not while its database is away.',
        security: [],
        response: { 200: told('It does.', Health), ...problems(['unavailable']) },
      },
    },
    async () => {
      if (!context.accepting()) throw new ProblemError('unavailable', 'The server is stopping.', { retryAfter: 5 });
      await requireDatabase(context.db);
      return { status: 'ok' as const };
    },
  );

  app.get(
    '/metrics',
    {
      schema: {
        tags: ['operation'],
        operationId: 'getMetrics',
        summary: 'Metrics for Prometheus',
        description:
          'With `Authorization: Bearer <METRICS_TOKEN>`: a secret of the server, not the access token of a user. Where `METRICS_TOKEN` is not set, there are no metrics here.',
        security: [],
        produces: ['text/plain'],
        response: {
          200: told('The metrics, in the text format of Prometheus.', Type.String()),
          ...problems(['not_authenticated', 'not_found']),
        },
      },
    },
    async (request, reply) => {
      if (context.metricsToken === undefined) {
        throw new ProblemError(
          'not_found',
          'Metrics are off here: set METRICS_TOKEN, or METRICS_PORT for a port of their own.',
        );
      }
      if (!sameSecret(request.headers.authorization ?? '', `Bearer ${context.metricsToken}`)) {
        throw new ProblemError('not_authenticated', 'Metrics need Authorization: Bearer <METRICS_TOKEN>.');
      }
      const { contentType, body } = await context.metrics.expose();
      return reply.type(contentType).send(body);
    },
  );
}

function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
