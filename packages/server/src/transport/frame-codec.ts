import { errors, type InputError } from '@beseda/protocol/errors.ts';
import type { AckFrame, ErrorFrame } from '@beseda/protocol/frames.ts';
import { invalidField, invalidInput, type ProblemError } from '../domain/problem.ts';
import { malformedJson } from './json-body.ts';
import { mayHoldUnstorable, unstorableTexts } from './storable-text.ts';

/** What checks a frame of one type: the errors, or none. */
export type FrameChecks = Readonly<Record<string, (frame: unknown) => InputError[]>>;

/**
 * A frame that a client sent, checked by its type.
 *
 * @throws FrameError `malformed_json`, `invalid_input`; where the frame had a `ref`, the error has it too.
 */
export function decodeFrame(text: string, checks: FrameChecks): Record<string, unknown> {
  const frame = parseObject(text);
  if (mayHoldUnstorable(text)) refuse(unstorableTexts(frame, []), frame);
  const type = frame['type'];
  const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined;
  if (check === undefined) {
    throw withRef(invalidField(['type'], `must be ${Object.keys(checks).join(' or ')}`, 'enum'), frame);
  }
  refuse(check(frame), frame);
  return frame;
}

/** The answer to a frame that could not be served. */
export function errorFrame(problem: ProblemError, ref: string | undefined): ErrorFrame {
  return {
    type: 'error',
    code: problem.code,
    error: problem.message === '' ? errors[problem.code].title : problem.message,
    ...(ref === undefined ? {} : { ref }),
    ...(problem.retryAfter === undefined ? {} : { retry_after: problem.retryAfter }),
  };
}

/** The answer to a frame that is done, where the client asked to hear of it by a `ref` or a `client_id`. */
export function ackFrame(
  frame: { ref?: string; client_id?: string },
  done: { chat_id: number; message_id: number; version?: number },
): AckFrame | undefined {
  if (frame.ref === undefined && frame.client_id === undefined) return undefined;
  return {
    type: 'ack',
    ...(frame.ref === undefined ? {} : { ref: frame.ref }),
    ...(frame.client_id === undefined ? {} : { client_id: frame.client_id }),
    ...done,
  };
}

/** A refusal of a frame that could be read well enough to know which it was. */
export class FrameError extends Error {
  override name = 'FrameError';
  readonly problem: ProblemError;
  readonly ref: string | undefined;

  constructor(problem: ProblemError, ref: string | undefined) {
    super(problem.message, { cause: problem });
    this.problem = problem;
    this.ref = ref;
  }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FrameError(malformedJson(text, 'frame'), undefined);
  }
  if (isRecord(value)) return value;
  throw new FrameError(invalidField([], 'a frame must be a JSON object', 'type'), undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(found: Parameters<typeof invalidInput>[0], frame: Record<string, unknown>): void {
  if (found.length > 0) throw withRef(invalidInput(found), frame);
}

function withRef(problem: ProblemError, frame: Record<string, unknown>): FrameError {
  const ref = frame['ref'];
  return new FrameError(problem, typeof ref === 'string' && ref.length <= 64 && ref.isWellFormed() ? ref : undefined);
}
