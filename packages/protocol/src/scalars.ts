import { Type, type Static, type TSchema } from 'typebox';
import { EMAIL_LENGTH, MAX_ID, NAME_LENGTH } from './limits.ts';

export const UserId = Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'A user.', examples: [2] });

export const ChatId = Type.Integer({
  minimum: 1,
  maximum: MAX_ID,
  description: 'A chat, personal or group. A group id is its chat id.',
  examples: [5],
});

export const MessageId = Type.Integer({
  minimum: 1,
  maximum: MAX_ID,
  description: 'A message within its chat: 1, 2, 3 … without gaps, in commit order.',
  examples: [3],
});

/** Zero stands for "nothing yet": no message read, no change seen. */
export const Mark = Type.Integer({
  minimum: 0,
  maximum: MAX_ID,
  description: 'The id of the newest message that was read; 0 where none was.',
  examples: [3],
});

export const Version = Type.Integer({
  minimum: 0,
  maximum: MAX_ID,
  description: "The chat's count of durable changes: every change takes the next number, without gaps.",
  examples: [12],
});

export const Timestamp = Type.String({
  format: 'date-time',
  description: 'A moment in UTC, RFC 3339 with milliseconds.',
  examples: ['2026-11-22T10:15:30.123Z'],
});

export const ClientId = Type.String({
  format: 'uuid',
  description:
    'A UUID that the sender chose for this message. The same one again, over any transport, answers with the first message and writes nothing.',
  examples: ['7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11'],
});

export const SessionId = Type.String({
  format: 'uuid',
  description: 'A session: one sign-in on one device.',
  examples: ['0e0f4b52-65a1-4a44-8f1e-6f4f1d9a3b77'],
});

export const Email = Type.String({
  format: 'email',
  maxLength: EMAIL_LENGTH.max,
  description: 'An e-mail address, unique without regard to case.',
  examples: ['user6@example.com'],
});

export const Name = Type.String({
  minLength: NAME_LENGTH.min,
  description: `A name for people to read, ${NAME_LENGTH.min} to ${NAME_LENGTH.max} characters after trimming.`,
  examples: ['Мария'],
});

/** The same schema, with what it means in one place. */
export function described<T extends TSchema>(schema: T, description: string): T {
  return { ...schema, description };
}

/**
 * A value or null. Written as `type: [T, 'null']` and not as a union of schemas: serialisers then need not try one
 * schema after the other.
 */
export function Nullable<T extends TSchema & { type: string }>(schema: T) {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] });
}
