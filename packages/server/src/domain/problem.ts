import { errors, type ErrorCode, type InputError } from '@beseda/protocol/errors.ts';

/** A refusal with a code of the error table; each transport tells it in its own form. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly code: ErrorCode;
  /** Each invalid field, for `invalid_input`. */
  readonly errors: InputError[] | undefined;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | undefined;

  constructor(
    code: ErrorCode,
    detail: string = errors[code].title,
    more: { errors?: InputError[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause });
    this.code = code;
    this.errors = more.errors;
    this.retryAfter = more.retryAfter;
  }
}

/** The refusal of invalid fields; its detail names them all, so that a person need not look further. */
export function invalidInput(fields: InputError[]): ProblemError {
  const detail = fields.map(({ loc, msg }) => (loc.length === 0 ? msg : `${loc.join('.')}: ${msg}`)).join('; ');
  return new ProblemError('invalid_input', detail, { errors: fields });
}

/** The refusal of one invalid field. */
export function invalidField(loc: InputError['loc'], msg: string, type: string): ProblemError {
  return invalidInput([{ loc, msg, type }]);
}
