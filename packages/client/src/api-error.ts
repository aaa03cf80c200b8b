import { errors, type Problem } from '@beseda/protocol/errors.ts';

/** Errors that the client itself finds, beside those of the protocol's table. */
export const clientErrors = {
  unreachable: { title: 'The server cannot be reached', retry: true },
  unexpected_answer: { title: 'The answer is not one of a Beseda server', retry: false },
  signed_out: { title: 'Sign in first', retry: false },
} as const satisfies Record<string, { title: string; retry: boolean }>;

/** Every refusal and every failure of the server or the way to it. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** As the server told it. Status 0 where no answer came at all. */
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.problem = problem;
  }

  /** A stable name of the error: of the protocol's table, or of {@link clientErrors}. */
  get code(): string {
    return this.problem.code;
  }

  /** Whether the same request may succeed later without being changed. */
  get retry(): boolean {
    return mayRetry(this.problem.code, this.problem.status);
  }
}

/** What the client found wrong by itself. */
export function clientError(code: keyof typeof clientErrors, detail: string, cause?: unknown): ApiError {
  const { title } = clientErrors[code];
  return new ApiError({ type: 'about:blank', title, status: 0, detail, code }, { cause });
}

/** Whether the same may succeed later. A code of a newer server is judged by its status, where there is one. */
export function mayRetry(code: string, status = 0): boolean {
  const known = { ...errors, ...clientErrors };
  if (isKey(known, code)) return known[code].retry;
  return status === 429 || status >= 500;
}

function isKey<T extends object>(record: T, key: string): key is Extract<keyof T, string> {
  return Object.hasOwn(record, key);
}
