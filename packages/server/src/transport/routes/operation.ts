import { timingSafeEqual, createHash } from 'node:crypto';
import { requireDatabase } from '../../domain/readiness.ts';
import { Type } from 'typebox';
import { ProblemError } from '../../domain/problem.ts';
import type { Api } from '../api.ts';
import { answers, told } from '../answers.ts';
import type { Context } from '../context.ts';

const Health = Type.Object({ status: Type.Literal('ok') }, { title: 'Health' });

/** `/healthz`, `/readyz`, `/metrics`: for those who run the server. */
export function operationRoutes(app: Api, context: Context): void {
  app.get(
    '/healthz',
    {
      schema: {
        tags: ['operation'],
        summary: 'Is the process alive?',
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
        summary: 'Does the server want requests?',
        description: 'Not while it stops, and not while its database is away.',
        security: [],
        response: answers({ 200: told('It does.', Health) }, [], 'none'),
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
        summary: 'Metrics for Prometheus',
        security: [{ metrics: [] }],
        produces: ['text/plain'],
        response: { 200: told('The metrics, in the text format of Prometheus.', Type.String()) },
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
