import { ApiError } from '@beseda/client/api-error.ts';

/** What is wrong with a form: by field where that is known, by a code of the error table. */
export interface FormProblem<F extends string> {
  fields: Partial<Record<F, { code: string; detail: string }>>;
  /** What belongs to no field. */
  form: { code: string; detail: string } | undefined;
}

/** Codes that speak of one field without naming it. */
const FIELD_OF: Partial<Record<string, string>> = { username_taken: 'username', email_taken: 'email' };

/** Sorts an error by the fields of a form. */
export function formProblem<F extends string>(error: unknown, fields: readonly F[]): FormProblem<F> {
  if (!(error instanceof ApiError)) return { fields: {}, form: { code: 'internal', detail: String(error) } };
  const { code, problem } = error;
  const found: FormProblem<F>['fields'] = {};
  const note = (name: unknown, value: { code: string; detail: string }): boolean => {
    const field = fields.find((candidate) => candidate === name);
    if (field !== undefined) found[field] ??= value;
    return field !== undefined;
  };
  let placed = note(FIELD_OF[code], { code, detail: problem.detail });
  for (const { loc, msg, type } of problem.errors ?? [])
    placed = note(loc.at(-1), { code: type, detail: msg }) || placed;
  return { fields: found, form: placed ? undefined : { code, detail: problem.detail } };
}
