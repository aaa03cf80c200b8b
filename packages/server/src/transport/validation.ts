import type { InputError } from '@beseda/protocol/errors.ts';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';

// Bodies say what they mean: "2" is not 2. Paths and queries can only carry text, so there it is read as what the
// schema asks for.
const strict = withFormats(new Ajv({ allErrors: true, useDefaults: true, strictTypes: false }));
// `strictNumbers` would pass over the bounds of what is read as Infinity.
const fromText = withFormats(
  new Ajv({ allErrors: true, useDefaults: true, coerceTypes: true, strictTypes: false, strictNumbers: false }),
);

/** Makes every route check its input against the schemas of the protocol. */
export function useValidation(app: FastifyInstance): void {
  app.setValidatorCompiler<object>(({ schema, httpPart }) => compile(schema, httpPart === 'body' ? strict : fromText));
}

/** A check of socket frames against a schema of the protocol: the errors, or none. */
export function frameCheck(schema: object): (frame: unknown) => InputError[] {
  const validate = compile(schema, strict);
  return (frame) => (validate(frame) ? [] : inputErrors(validate.errors ?? [], []));
}

/** Fields that one answer complains of: enough for a person, and no answer is many times its request. */
const MAX_COMPLAINTS = 20;

/** What the validator found, in the words of the API; `loc` is where the input came from. */
export function inputErrors(found: readonly Partial<ErrorObject>[], loc: InputError['loc']): InputError[] {
  const seen = new Set<string>();
  return found.flatMap((error) => {
    if (seen.size === MAX_COMPLAINTS) return [];
    const missing = error.keyword === 'required' ? error.params?.['missingProperty'] : undefined;
    const path = (error.instancePath ?? '').split('/').slice(1).map(unescapePointer);
    const where = [...loc, ...path.map(asIndex), ...(typeof missing === 'string' ? [missing] : [])];
    const key = where.join('/');
    // One line a field: alternatives of a schema each complain, and the first complaint is the telling one.
    if (seen.has(key)) return [];
    seen.add(key);
    const alternatives = found.filter(
      (other) => other.keyword === 'const' && other.instancePath === error.instancePath,
    );
    const msg = alternatives.length > 1 ? allowed(alternatives.flatMap(allowedValues)) : message(error);
    return [{ loc: where, msg, type: error.keyword ?? 'invalid' }];
  });
}

function allowedValues({ params }: Partial<ErrorObject>): unknown[] {
  const values: unknown = params?.['allowedValues'] ?? [params?.['allowedValue']];
  return Array.isArray(values) ? values : [];
}

function allowed(values: unknown[]): string {
  return `must be ${values
    .filter((value) => value !== '')
    .map((value) => JSON.stringify(value))
    .join(' or ')}`;
}

function message(error: Partial<ErrorObject>): string {
  if (error.keyword === 'required') return 'is required';
  if (error.keyword === 'const' || error.keyword === 'enum') return allowed(allowedValues(error));
  const limit: unknown = error.params?.['limit'];
  if (error.keyword === 'minLength') return `must be at least ${String(limit)} characters long`;
  if (error.keyword === 'maxLength') return `must be at most ${String(limit)} characters long`;
  if (error.keyword === 'minimum') return `must be ${String(limit)} or more`;
  if (error.keyword === 'maximum') return `must be ${String(limit)} or less`;
  if (error.keyword === 'format') return FORMATS[String(error.params?.['format'])] ?? 'is not valid';
  if (error.keyword === 'pattern') return 'is not written as it should be: see its description at /docs';
  return error.message ?? 'is not valid';
}

const FORMATS: Partial<Record<string, string>> = {
  email: 'must be an e-mail address',
  uuid: 'must be a UUID, like 7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11',
  'date-time': 'must be a moment, like 2026-11-22T10:15:30Z',
};

function compile(schema: object, ajv: Ajv): ValidateFunction {
  return ajv.compile(schema);
}

function withFormats(ajv: Ajv): Ajv {
  formats.default(ajv, ['date-time', 'email']);
  // The one of ajv-formats also takes `urn:uuid:…`, which is no uuid to PostgreSQL.
  ajv.addFormat('uuid', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i);
  return ajv;
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

function asIndex(part: string): string | number {
  return /^\d{1,9}$/.test(part) ? Number(part) : part;
}
