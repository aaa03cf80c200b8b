import { errors, Problem, type ErrorCode } from '@beseda/protocol/errors.ts';

/** Those that any route behind authentication can give. */
const ALWAYS: readonly ErrorCode[] = ['not_authenticated', 'internal', 'unavailable'];
const WITH_INPUT: readonly ErrorCode[] = ['malformed_json', 'invalid_input', 'too_large', 'unsupported_media_type'];

/**
 * The answers of a route for validation, serialisation and the OpenAPI document: what it gives when all is well, and
 * the errors it can give, with their codes in words.
 */
export function answers<S extends Record<number, object>>(
  success: S,
  codes: readonly ErrorCode[],
  input: 'body' | 'address' | 'none' = 'address',
): S & Record<number, object> {
  const all = [
    ...codes,
    ...ALWAYS,
    ...(input === 'body' ? WITH_INPUT : input === 'address' ? (['invalid_input'] as const) : []),
  ];
  const byStatus = Map.groupBy(new Set(all), (code) => errors[code].status);
  const problems = [...byStatus].map(([status, sameStatus]) => [
    status,
    {
      description: sameStatus.map((code) => `\`${code}\`: ${errors[code].title}.`).join(' '),
      content: { 'application/problem+json': { schema: Problem } },
    },
  ]);
  return { ...success, ...Object.fromEntries(problems) };
}

/** A success with a body, and what it is in words. */
export function told<S extends object>(description: string, schema: S): S {
  return { ...schema, description };
}

/** A success without a body. */
export function noContent(description: string): object {
  return { description, type: 'null' };
}
