/**
 * Who may do what: every route of the API, the door of the sockets and the pages, by who knocks. A route that is
 * missing here fails the tests (OWASP ASVS 8.1.1).
 */

/** Those who knock. `removed` was a member once; the last three come with no token, or with one that is over. */
export const actors = ['outsider', 'member', 'creator', 'removed', 'tokenless', 'expired', 'signed out'] as const;
export type Actor = (typeof actors)[number];

/** A status, with the code of the error table where it is an error; for sockets what becomes of the socket. */
export type Expected = string;

export interface Row {
  /** As `/openapi.json` has it: the method, then the path. */
  route: string;
  /**
   * The address that is asked, where it is not the route with its parameters filled in: `{group}` and `{personal}`
   * are chats of member and creator, where message 1 is the member's and message 2 the creator's; in the group message
   * 3 is that of `{target}`, a further member. `{newcomer}` is in none of them, `{self}` is the one who asks,
   * `{session}` a second session of theirs.
   */
  address?: string;
  body?: object;
  /** Whether it is sent bytes, from the first on. */
  bytes?: boolean;
  expected: Record<Actor, Expected>;
}

const NO_TOKEN = '401 not_authenticated';
const NOT_THEIRS = '404 chat_not_found';

const NO_FILE = '404 file_not_found';

/** A file that there is not. */
const SOME_FILE = '5f0c1c1e-3d0e-4a7e-9a55-7f5d7e0b2a91';

const withoutToken = { tokenless: NO_TOKEN, expired: NO_TOKEN, 'signed out': NO_TOKEN };

/** The same for whoever comes. */
function open(answer: Expected): Row['expected'] {
  return {
    outsider: answer,
    member: answer,
    creator: answer,
    removed: answer,
    tokenless: answer,
    expired: answer,
    'signed out': answer,
  };
}

/** The same for everyone who is signed in. */
function signedIn(answer: Expected): Row['expected'] {
  return { ...open(answer), ...withoutToken };
}

/** For those in the chat; to all others it is not there. */
function inChat(member: Expected, creator = member): Row['expected'] {
  return { outsider: NOT_THEIRS, member, creator, removed: NOT_THEIRS, ...withoutToken };
}

const inGroupFile: Row['expected'] = {
  ...inChat('200'),
  outsider: NO_FILE,
  removed: NO_FILE,
};

export const matrix: readonly Row[] = [
  { route: 'GET /api/v1/config', expected: open('200') },
  // For the pages of this server alone, which no request here comes from.
  {
    route: 'POST /api/v1/auth/web/session',
    body: { username: 'nobody', password: 'password123' },
    expected: open('403 foreign_origin'),
  },
  { route: 'POST /api/v1/auth/web/token', expected: open('403 foreign_origin') },
  { route: 'DELETE /api/v1/auth/web/session', expected: open('403 foreign_origin') },
  {
    route: 'POST /api/v1/auth/register',
    body: { username: 'matrix-{unique}', email: 'matrix-{unique}@example.com', password: 'password123' },
    expected: open('201'),
  },
  {
    route: 'POST /api/v1/auth/token',
    body: { username: '{username}', password: 'password123' },
    expected: open('200'),
  },
  { route: 'POST /api/v1/auth/logout', expected: signedIn('204') },
  {
    route: 'POST /api/v1/auth/password',
    body: { current_password: 'password123', new_password: 'password123' },
    expected: signedIn('204'),
  },
  { route: 'GET /api/v1/auth/sessions', expected: signedIn('200') },
  { route: 'DELETE /api/v1/auth/sessions', expected: signedIn('204') },
  {
    route: 'DELETE /api/v1/auth/sessions/{session_id}',
    address: '/auth/sessions/{session}',
    expected: signedIn('204'),
  },
  {
    // A session of somebody else's.
    route: 'DELETE /api/v1/auth/sessions/{session_id}',
    address: '/auth/sessions/{foreign session}',
    expected: signedIn('404 session_not_found'),
  },

  { route: 'GET /api/v1/users/me', expected: signedIn('200') },
  { route: 'PATCH /api/v1/users/me', body: { locale: 'ru' }, expected: signedIn('200') },
  { route: 'GET /api/v1/users/', address: '/users/?query=a', expected: signedIn('200') },
  { route: 'GET /api/v1/users/{user_id}', address: '/users/{target}', expected: signedIn('200') },

  // `{group file}` is an image of a message in a group of theirs, which the member has uploaded.
  { route: 'POST /api/v1/files/', body: { name: 'a.txt', size: 1 }, expected: signedIn('201') },
  { route: 'POST /api/v1/files/links', body: { file_ids: [SOME_FILE] }, expected: signedIn('200') },
  { route: 'GET /api/v1/files/{file_id}', address: `/files/${SOME_FILE}`, expected: signedIn(NO_FILE) },
  { route: 'GET /api/v1/files/{file_id}', address: '/files/{group file}', expected: signedIn(NO_FILE) },
  { route: 'PATCH /api/v1/files/{file_id}', address: '/files/{group file}', bytes: true, expected: signedIn(NO_FILE) },
  { route: 'DELETE /api/v1/files/{file_id}', address: '/files/{group file}', expected: signedIn(NO_FILE) },
  { route: 'GET /api/v1/files/{file_id}/content', address: '/files/{group file}/content', expected: inGroupFile },
  { route: 'GET /api/v1/files/{file_id}/thumbnail', address: '/files/{group file}/thumbnail', expected: inGroupFile },

  { route: 'GET /api/v1/chats/', expected: signedIn('200') },
  { route: 'POST /api/v1/chats/', body: { user_id: '{partner}' }, expected: signedIn('200') },
  // What one keeps for oneself.
  { route: 'POST /api/v1/chats/', body: { user_id: '{self}' }, expected: signedIn('201') },
  { route: 'GET /api/v1/chats/{chat_id}', address: '/chats/{group}', expected: inChat('200') },
  { route: 'GET /api/v1/chats/{chat_id}', address: '/chats/{personal}', expected: inChat('200') },
  { route: 'GET /api/v1/chats/{chat_id}/presence', address: '/chats/{group}/presence', expected: inChat('200') },
  { route: 'GET /api/v1/chats/{chat_id}/export', address: '/chats/{group}/export', expected: inChat('200') },
  { route: 'GET /api/v1/chats/{chat_id}/changes', address: '/chats/{group}/changes?since=0', expected: inChat('200') },

  { route: 'GET /api/v1/search', address: '/search?query=hello', expected: signedIn('200') },
  { route: 'GET /api/v1/search', address: '/search?query=hello&chat_id={group}', expected: inChat('200') },

  { route: 'POST /api/v1/groups/', body: { name: 'A new one' }, expected: signedIn('201') },
  { route: 'GET /api/v1/groups/', expected: signedIn('200') },
  { route: 'GET /api/v1/groups/{group_id}', address: '/groups/{group}', expected: inChat('200') },
  // A personal chat is no group, to nobody.
  { route: 'GET /api/v1/groups/{group_id}', address: '/groups/{personal}', expected: inChat(NOT_THEIRS) },
  {
    route: 'PATCH /api/v1/groups/{group_id}',
    address: '/groups/{group}',
    body: { name: 'Renamed' },
    expected: inChat('403 forbidden', '200'),
  },
  {
    route: 'PATCH /api/v1/groups/{group_id}',
    address: '/groups/{group}',
    body: { creator_id: '{target}' },
    expected: inChat('403 forbidden', '200'),
  },
  {
    route: 'PATCH /api/v1/groups/{group_id}',
    address: '/groups/{group}',
    body: { creator_id: '{newcomer}' },
    expected: inChat('403 forbidden', '404 member_not_found'),
  },
  {
    route: 'PATCH /api/v1/groups/{group_id}',
    address: '/groups/{personal}',
    body: { name: 'Renamed' },
    expected: inChat(NOT_THEIRS),
  },
  { route: 'GET /api/v1/groups/{group_id}/members', address: '/groups/{group}/members', expected: inChat('200') },
  {
    route: 'GET /api/v1/groups/{group_id}/members',
    address: '/groups/{personal}/members',
    expected: inChat(NOT_THEIRS),
  },
  {
    route: 'POST /api/v1/groups/{group_id}/members/{user_id}',
    address: '/groups/{group}/members/{newcomer}',
    expected: inChat('204'),
  },
  {
    // Nobody lets themself in.
    route: 'POST /api/v1/groups/{group_id}/members/{user_id}',
    address: '/groups/{group}/members/{self}',
    expected: inChat('204'),
  },
  {
    route: 'POST /api/v1/groups/{group_id}/members/{user_id}',
    address: '/groups/{group}/members/999999999',
    expected: inChat('404 user_not_found'),
  },
  {
    route: 'POST /api/v1/groups/{group_id}/members/{user_id}',
    address: '/groups/{personal}/members/{newcomer}',
    expected: inChat(NOT_THEIRS),
  },
  {
    route: 'DELETE /api/v1/groups/{group_id}/members/me',
    address: '/groups/{group}/members/me',
    expected: inChat('204', '403 creator_stays'),
  },
  {
    route: 'DELETE /api/v1/groups/{group_id}/members/me',
    address: '/groups/{personal}/members/me',
    expected: inChat(NOT_THEIRS),
  },
  {
    route: 'DELETE /api/v1/groups/{group_id}/members/{user_id}',
    address: '/groups/{group}/members/{target}',
    expected: inChat('403 forbidden', '204'),
  },
  {
    route: 'DELETE /api/v1/groups/{group_id}/members/{user_id}',
    address: '/groups/{group}/members/{self}',
    expected: inChat('204', '403 creator_stays'),
  },
  {
    route: 'DELETE /api/v1/groups/{group_id}/members/{user_id}',
    address: '/groups/{group}/members/{creator}',
    expected: inChat('403 creator_stays'),
  },
  {
    route: 'DELETE /api/v1/groups/{group_id}/members/{user_id}',
    address: '/groups/{group}/members/{newcomer}',
    expected: inChat('403 forbidden', '404 member_not_found'),
  },

  {
    route: 'POST /api/v1/messages/{chat_id}/send',
    address: '/messages/{group}/send',
    body: { text: 'Hello' },
    expected: inChat('201'),
  },
  {
    route: 'POST /api/v1/messages/{chat_id}/send',
    address: '/messages/{personal}/send',
    body: { text: 'Hello' },
    expected: inChat('201'),
  },
  {
    route: 'GET /api/v1/messages/history/{chat_id}',
    address: '/messages/history/{group}',
    expected: inChat('200'),
  },
  {
    // An answer to a message.
    route: 'POST /api/v1/messages/{chat_id}/send',
    address: '/messages/{group}/send',
    body: { text: 'Hello', reply_to: 3 },
    expected: inChat('201'),
  },
  { route: 'GET /api/v1/messages/{chat_id}/{message_id}', address: '/messages/{group}/3', expected: inChat('200') },
  { route: 'GET /api/v1/messages/{chat_id}/{message_id}', address: '/messages/{personal}/1', expected: inChat('200') },
  {
    // Whether there is such a message is for the members alone to know.
    route: 'GET /api/v1/messages/{chat_id}/{message_id}',
    address: '/messages/{group}/999',
    expected: inChat('404 message_not_found'),
  },
  // Only who wrote a message edits it.
  {
    route: 'PATCH /api/v1/messages/{chat_id}/{message_id}',
    address: '/messages/{group}/1',
    body: { text: 'Edited' },
    expected: inChat('200', '403 forbidden'),
  },
  {
    route: 'PATCH /api/v1/messages/{chat_id}/{message_id}',
    address: '/messages/{group}/3',
    body: { text: 'Edited' },
    expected: inChat('403 forbidden'),
  },
  {
    route: 'PATCH /api/v1/messages/{chat_id}/{message_id}',
    address: '/messages/{personal}/2',
    body: { text: 'Edited' },
    expected: inChat('403 forbidden', '200'),
  },
  // The creator of a group deletes what others wrote too; a personal chat has no creator.
  {
    route: 'DELETE /api/v1/messages/{chat_id}/{message_id}',
    address: '/messages/{group}/1',
    expected: inChat('204'),
  },
  {
    route: 'DELETE /api/v1/messages/{chat_id}/{message_id}',
    address: '/messages/{group}/2',
    expected: inChat('403 forbidden', '204'),
  },
  {
    route: 'DELETE /api/v1/messages/{chat_id}/{message_id}',
    address: '/messages/{group}/3',
    expected: inChat('403 forbidden', '204'),
  },
  {
    route: 'DELETE /api/v1/messages/{chat_id}/{message_id}',
    address: '/messages/{personal}/1',
    expected: inChat('204', '403 forbidden'),
  },
  {
    route: 'GET /api/v1/messages/{chat_id}/{message_id}/edits',
    address: '/messages/{group}/3/edits',
    expected: inChat('200'),
  },
  {
    route: 'PUT /api/v1/messages/{chat_id}/{message_id}/reactions/{emoji}',
    address: '/messages/{group}/3/reactions/%F0%9F%91%8D',
    expected: inChat('200'),
  },
  {
    route: 'DELETE /api/v1/messages/{chat_id}/{message_id}/reactions/{emoji}',
    address: '/messages/{group}/3/reactions/%F0%9F%91%8D',
    expected: inChat('200'),
  },

  // What is pinned in a group is its creator's to say; in a personal chat it is that of both.
  ...['PUT', 'DELETE'].flatMap((method) => [
    {
      route: `${method} /api/v1/messages/{chat_id}/{message_id}/pin`,
      address: '/messages/{group}/3/pin',
      expected: inChat('403 forbidden', '200'),
    },
    {
      route: `${method} /api/v1/messages/{chat_id}/{message_id}/pin`,
      address: '/messages/{personal}/2/pin',
      expected: inChat('200'),
    },
  ]),
  { route: 'GET /api/v1/chats/{chat_id}/pins', address: '/chats/{group}/pins', expected: inChat('200') },
  {
    route: 'POST /api/v1/messages/forward',
    body: { chat_id: '{group}', messages: [{ id: 3 }], chat_ids: ['{personal}'] },
    expected: inChat('201'),
  },

  ...['read', 'delivered', 'unread'].map((mark) => ({
    route: `POST /api/v1/messages/{chat_id}/{message_id}/${mark}`,
    address: `/messages/{group}/3/${mark}`,
    expected: inChat('204'),
  })),
  {
    route: 'POST /api/v1/messages/{chat_id}/{message_id}/read',
    address: '/messages/{personal}/999/read',
    expected: inChat('404 message_not_found'),
  },
  { route: 'DELETE /api/v1/chats/{chat_id}/unread', address: '/chats/{group}/unread', expected: inChat('204') },
  {
    route: 'PATCH /api/v1/chats/{chat_id}/settings',
    address: '/chats/{group}/settings',
    body: { muted: true },
    expected: inChat('204'),
  },
  {
    route: 'GET /api/v1/messages/{chat_id}/{message_id}/readers',
    address: '/messages/{group}/3/readers',
    expected: inChat('200'),
  },
  {
    // Whether there is such a message is for the members alone to know.
    route: 'GET /api/v1/messages/{chat_id}/{message_id}/readers',
    address: '/messages/{personal}/999/readers',
    expected: inChat('404 message_not_found'),
  },

  {
    route: 'WS /ws/{chat_id}',
    address: '{group}',
    expected: {
      outsider: 'closed 1008',
      member: 'open',
      creator: 'open',
      removed: 'closed 1008',
      tokenless: 'closed 1008',
      expired: 'closed 1008',
      'signed out': 'closed 1008',
    },
  },

  { route: 'GET /healthz', expected: open('200') },
  { route: 'GET /readyz', expected: open('200') },
  // Off unless a token is set for it, and then for that token alone, which is nobody's here.
  { route: 'GET /metrics', expected: open('404 not_found') },
  { route: 'GET /openapi.json', expected: open('200') },
  { route: 'GET /docs', expected: open('200') },
  { route: 'GET /playground', expected: open('200') },
  { route: 'GET /', expected: open('302') },
];

/** What the OpenAPI document does not tell of: it describes itself and pages for people nowhere, and no sockets. */
export const undocumented: ReadonlySet<string> = new Set([
  'WS /ws/{chat_id}',
  'GET /openapi.json',
  'GET /docs',
  'GET /playground',
  'GET /',
]);
