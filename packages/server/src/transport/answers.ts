import { errors, Problem, type ErrorCode } from '@beseda/protocol/errors.ts';
import type { FastifyReply } from 'fastify';
import { invalidField, ProblemError } from '../domain/problem.ts';
import { problemBody } from './problems.ts';

/** Those that any route can give. */
const ALWAYS: readonly ErrorCode[] = ['internal', 'unavailable'];
const WITH_INPUT: Record<'body' | 'address' | 'none', readonly ErrorCode[]> = {
  body: ['malformed_json', 'invalid_input', 'too_large', 'unsupported_media_type'],
  address: ['invalid_input'],
  none: [],
};

/**
 * The answers of a route for validation, serialisation and the OpenAPI document: what it gives when all is well, and
 * the errors it can give, with their codes in words and an example of each.
 */
export function answers<S extends Record<number, object>>(
  success: S,
  codes: readonly ErrorCode[],
  input: 'body' | 'address' | 'none' = 'address',
  access: 'signed in' | 'anyone' = 'signed in',
): S & Record<number, object> {
  const signedIn = access === 'signed in' ? (['not_authenticated'] as const) : [];
  return { ...success, ...problems([...codes, ...signedIn, ...ALWAYS, ...WITH_INPUT[input]]) };
}

/** The answers for errors of these codes, by status. */
export function problems(codes: readonly ErrorCode[]): Record<number, object> {
  const byStatus = Map.groupBy(new Set(codes), (code) => errors[code].status);
  return Object.fromEntries([...byStatus].map(([status, sameStatus]) => [status, problemAnswer(sameStatus)]));
}

function problemAnswer(codes: readonly ErrorCode[]): object {
  const examples = codes.map((code) => [code, { summary: errors[code].title, value: exampleOf(code) }]);
  return {
    description: codes.map((code) => `\`${code}\`: ${errors[code].title}.`).join(' '),
    content: { 'application/problem+json': { schema: Problem, examples: Object.fromEntries(examples) } },
  };
}

function exampleOf(code: ErrorCode): Problem {
  if (code === 'invalid_input') return problemBody(invalidField(['path', 'chat_id'], 'must be >= 1', 'minimum'));
  const wait = errors[code].retry && code !== 'internal' ? { retryAfter: 1 } : {};
  return problemBody(new ProblemError(code, errors[code].title, wait));
}

/** A success with a body, and what it is in words. The schema keeps the description that it has of its own. */
export function told<S extends object>(description: string, schema: S): S {
  return { ...schema, 'x-response-description': description };
}

/** A success without a body. */
export function noContent(description: string): object {
  return { description, type: 'null' };
}

/** Answers with JSON that was made where its form is known; past the schema of the route, which would make it again. */
export function sendJson(reply: FastifyReply, json: Buffer | string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(typeof json === 'string' ? Buffer.from(json) : json);
}
