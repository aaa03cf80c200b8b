/** The largest integer that JSON numbers carry exactly: ids never exceed it (ECMA-262, Number.MAX_SAFE_INTEGER). */
export const MAX_ID = Number.MAX_SAFE_INTEGER;

/** Characters (Unicode code points) of a message's text, after trimming. */
export const TEXT_LENGTH = { min: 1, max: 4096 } as const;

/** Characters of a username, after trimming. */
export const USERNAME_LENGTH = { min: 3, max: 50 } as const;

/** Characters of a password. The upper bound keeps hashing cheap for the server; nothing is ever cut off. */
export const PASSWORD_LENGTH = { min: 6, max: 256 } as const;

/** Characters of a display name or of a group's name, after trimming. */
export const NAME_LENGTH = { min: 1, max: 100 } as const;

/** Characters of an e-mail address (RFC 5321, section 4.5.3.1: 256 octets of path with its brackets). */
export const EMAIL_LENGTH = { max: 254 } as const;

/** Members of one group, the creator included. */
export const GROUP_SIZE = { max: 10_000 } as const;

/** Different emoji on one message; of each kind every member may have one. */
export const REACTION_KINDS = { max: 20 } as const;

/** Users named with one kind of reaction, the first of them; the count is of all. */
export const REACTION_USERS = { max: 100 } as const;

/** Pinned messages of one chat. */
export const PINS = { max: 100 } as const;

/** Messages that are forwarded at once, and chats that they go to. */
export const FORWARDED = { messages: 20, chats: 10 } as const;

/** Files of one message. */
export const MESSAGE_FILES = { max: 10 } as const;

/** Characters of a file's name; what is longer is cut, and its ending kept. */
export const FILE_NAME_LENGTH = { max: 255 } as const;

/** Files whose links are asked for at once. */
export const FILE_LINKS = { max: 100 } as const;

/** Earlier texts of one message that are told, the latest of them; what was said before is kept and not told. */
export const EDITS_TOLD = { max: 100 } as const;

/** Items of one page of history or of people. */
export const PAGE_SIZE = { min: 1, default: 100, max: 200 } as const;

/** Changes that `GET /chats/{id}/changes` tells one by one; a client further behind is told to start anew. */
export const CHANGES_BOUND = 1000;

/**
 * Members of a chat up to which everyone's marks are told to everyone. In larger ones telling all of them would cost as
 * many frames as there are members, to as many sockets, for each message.
 */
export const MARKS_TOLD = { maxMembers: 100 } as const;

/** Bytes of one request body or one socket frame. */
export const BODY_BYTES = 64 * 1024;

/** Parts that one message to a socket may come in, which is 64 bytes a part for a large one; past them it closes. */
export const FRAGMENTS = { max: 1024 } as const;

/**
 * Frames that one socket may send: so many at once, and so many a second over time. Each further one is refused, and
 * is counted too; a socket that goes on until `flood` more are owed is closed with 4429.
 */
export const SOCKET_FRAMES = { perSecond: 50, burst: 500, flood: 500 } as const;

/** Sockets of one user that may be open at once; a further one is closed with 4429. */
export const USER_SOCKETS = { max: 50 } as const;

/** Sockets of one address that have not said yet who they are; a further one is refused with 429. */
export const ARRIVING_SOCKETS = { max: 256 } as const;

/** Bytes that may wait unsent on one socket; past them it closes with 4408. */
export const OUTBOX_BYTES = 1024 * 1024;

/** Characters of what is searched for, and the words and filters in it. */
export const SEARCH_QUERY = { maxLength: 200, maxTerms: 8 } as const;

/** Messages found that one answer tells. */
export const SEARCH_PAGE = { min: 1, default: 20, max: 50 } as const;
