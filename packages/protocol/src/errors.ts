import { Type, type Static } from 'typebox';

/**
 * Every error that Beseda answers with, over HTTP (as `application/problem+json`, RFC 9457) and over sockets (as an
 * `error` frame). `retry` says whether the same request may succeed later without being changed.
 */
export const errors = {
  malformed_json: { status: 400, title: 'The body is not JSON', retry: false },
  malformed_request: { status: 400, title: 'The request cannot be understood', retry: false },
  username_taken: { status: 400, title: 'This username is taken', retry: false },
  email_taken: { status: 400, title: 'This e-mail address is taken', retry: false },
  not_authenticated: { status: 401, title: 'Sign in first', retry: false },
  wrong_credentials: { status: 401, title: 'Wrong username or password', retry: false },
  invalid_refresh_token: { status: 401, title: 'This refresh token is not valid', retry: false },
  forbidden: { status: 403, title: 'Your role does not allow this', retry: false },
  foreign_origin: { status: 403, title: 'Only pages of this server may ask this', retry: false },
  creator_stays: { status: 403, title: 'The creator cannot leave the group', retry: false },
  not_found: { status: 404, title: 'There is nothing at this address', retry: false },
  chat_not_found: { status: 404, title: 'No such chat', retry: false },
  user_not_found: { status: 404, title: 'No such user', retry: false },
  member_not_found: { status: 404, title: 'This user is not in the group', retry: false },
  message_not_found: { status: 404, title: 'No such message', retry: false },
  file_not_found: { status: 404, title: 'No such file', retry: false },
  session_not_found: { status: 404, title: 'No such session', retry: false },
  method_not_allowed: { status: 405, title: 'This address does not take this method', retry: false },
  wrong_offset: { status: 409, title: 'The file goes on from elsewhere', retry: false },
  file_unfinished: { status: 409, title: 'The file is not whole yet', retry: false },
  file_too_large: { status: 413, title: 'The file is too large', retry: false },
  too_large: { status: 413, title: 'The request is too large', retry: false },
  unsupported_media_type: { status: 415, title: 'This kind of body is not understood', retry: false },
  invalid_input: { status: 422, title: 'The input is not valid', retry: false },
  image_too_large: { status: 422, title: 'The image has too many pixels', retry: false },
  quota_exceeded: { status: 422, title: 'There is no room left for your files', retry: false },
  group_full: { status: 422, title: 'The group has as many members as it may have', retry: false },
  too_many_reactions: { status: 422, title: 'The message has as many kinds of reaction as it may have', retry: false },
  too_many_pins: { status: 422, title: 'The chat has as many pinned messages as it may have', retry: false },
  too_many_requests: { status: 429, title: 'Too many attempts', retry: true },
  rate_limited: { status: 429, title: 'Too much at once', retry: true },
  internal: { status: 500, title: 'Something went wrong on the server', retry: true },
  storage_full: { status: 507, title: 'The server has no room for files just now', retry: true },
  unavailable: { status: 503, title: 'The server cannot do this just now', retry: true },
} as const satisfies Record<string, { status: number; title: string; retry: boolean }>;

/** A stable name of an error, for programs. */
export type ErrorCode = keyof typeof errors;

export const InputError = Type.Object(
  {
    loc: Type.Array(Type.Union([Type.String(), Type.Integer()]), {
      description: 'Where: `body`, `query`, `path` or `headers`, then the way to the field.',
      examples: [['body', 'text']],
    }),
    msg: Type.String({ description: 'What is wrong, for people.', examples: ['must be 1 to 4096 characters long'] }),
    type: Type.String({ description: 'The rule that was broken, for programs.', examples: ['length'] }),
  },
  { title: 'InputError', description: 'One invalid field.' },
);
export type InputError = Static<typeof InputError>;

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Always `about:blank`: `code` tells the kind.', examples: ['about:blank'] }),
    title: Type.String({ description: 'The kind of error, for people.', examples: ['The input is not valid'] }),
    status: Type.Integer({ description: 'The HTTP status again.', examples: [422] }),
    detail: Type.String({
      description: 'What happened and what to do about it, for people.',
      examples: ['body.text: is required'],
    }),
    code: Type.String({ description: 'A stable name of the error, for programs.', examples: ['invalid_input'] }),
    errors: Type.Optional(Type.Array(InputError, { description: 'Each invalid field, for `invalid_input`.' })),
    retry_after: Type.Optional(
      Type.Integer({ description: 'Seconds to wait, the same as the `Retry-After` header.', examples: [1] }),
    ),
  },
  { title: 'Problem', description: 'An error as RFC 9457 has it.' },
);
export type Problem = Static<typeof Problem>;
