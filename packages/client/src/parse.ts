import type { Static, TSchema } from 'typebox';
// This way of checking interprets schemas. The compiled one makes functions from text, which strict pages forbid.
import { Check } from 'typebox/value';

/** Whether a value from outside has the shape of a schema. Fields that the schema does not name are let be. */
export function fits<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  return Check(schema, value);
}

/** A JSON value; undefined where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
