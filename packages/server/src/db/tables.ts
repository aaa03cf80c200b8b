import type { MessageFile } from '@beseda/protocol/files.ts';
import type { Generated } from 'kysely';

/**
 * The tables, stated once: the types of every query derive from this, and a test compares it with what the
 * migrations really made (`information_schema`).
 */
export const tables = {
  users: {
    id: generated('int8'),
    username: column('text'),
    username_key: column('text'),
    email: column('text'),
    email_key: column('text'),
    password_hash: column('text'),
    display_name: nullable('text'),
    display_name_key: nullable('text'),
    locale: nullable('text'),
    created_at: column('timestamptz'),
    last_seen_visible: generated('bool'),
  },
  last_seen: {
    user_id: column('int8'),
    seen_at: column('timestamptz'),
  },
  sessions: {
    id: column('uuid'),
    user_id: column('int8'),
    device: nullable('text'),
    address: nullable('text'),
    created_at: column('timestamptz'),
    last_used_at: column('timestamptz'),
    expires_at: column('timestamptz'),
    ended_at: nullable('timestamptz'),
  },
  refresh_tokens: {
    hash: column('bytea'),
    session_id: column('uuid'),
    expires_at: column('timestamptz'),
    used_at: nullable('timestamptz'),
    next_hash: nullable('bytea'),
  },
  chats: {
    id: generated('int8'),
    kind: column('text'),
    name: nullable('text'),
    creator_id: nullable('int8'),
    last_message_id: column('int8'),
    version: column('int8'),
    info_version: column('int8'),
    created_at: column('timestamptz'),
    member_count: defaulted('int8'),
  },
  personal_chats: {
    low_id: column('int8'),
    high_id: column('int8'),
    chat_id: column('int8'),
  },
  members: {
    chat_id: column('int8'),
    user_id: column('int8'),
    role: column('text'),
    joined_at: column('timestamptz'),
    left_at: nullable('timestamptz'),
    joined_message_id: column('int8'),
    last_read_id: column('int8'),
    version: column('int8'),
    read_at: nullable('timestamptz'),
    delivered_id: defaulted('int8'),
    unread_from_id: nullable('int8'),
    marked_at: nullable('timestamptz'),
    muted: defaulted('bool'),
    pinned: defaulted('bool'),
  },
  messages: {
    chat_id: column('int8'),
    id: column('int8'),
    version: column('int8'),
    sender_id: column('int8'),
    client_id: nullable('uuid'),
    text: column('text'),
    reply_to: nullable('int8'),
    reply_to_sender_id: nullable('int8'),
    created_at: column('timestamptz'),
    edited_at: nullable('timestamptz'),
    deleted_at: nullable('timestamptz'),
    pinned_at: nullable('timestamptz'),
    forwarded_sender_id: nullable('int8'),
    forwarded_created_at: nullable('timestamptz'),
    files: nullable('json'),
  },
  files: {
    id: column('uuid'),
    owner_id: column('int8'),
    name: column('text'),
    size: column('int8'),
    type: nullable('text'),
    width: nullable('int8'),
    height: nullable('int8'),
    preview: nullable('text'),
    created_at: column('timestamptz'),
    sent_at: nullable('timestamptz'),
    removed_at: nullable('timestamptz'),
  },
  message_files: {
    chat_id: column('int8'),
    message_id: column('int8'),
    file_id: column('uuid'),
  },
  reading_steps: {
    chat_id: column('int8'),
    user_id: column('int8'),
    read_at: column('timestamptz'),
    after_message_id: column('int8'),
    message_id: column('int8'),
  },
  message_edits: {
    chat_id: column('int8'),
    message_id: column('int8'),
    version: column('int8'),
    text: column('text'),
    edited_at: column('timestamptz'),
  },
  reactions: {
    chat_id: column('int8'),
    message_id: column('int8'),
    user_id: column('int8'),
    emoji: column('text'),
    version: column('int8'),
    created_at: column('timestamptz'),
  },
  nodes: {
    id: column('uuid'),
    seen_at: column('timestamptz'),
  },
} as const;

/** PostgreSQL types in use, and what `pg` gives for them as `open.ts` sets it up. */
interface ScalarTypes {
  int8: number;
  text: string;
  uuid: string;
  bytea: Buffer;
  bool: boolean;
  timestamptz: Date;
  /** What is told of a message's files is all that is kept as JSON. */
  json: MessageFile[];
}
type Scalar = keyof ScalarTypes;

interface Column<S extends Scalar, N extends boolean, G extends boolean> {
  readonly type: S;
  readonly nullable: N;
  readonly generated: G;
}

function column<S extends Scalar>(type: S): Column<S, false, false> {
  return { type, nullable: false, generated: false };
}

function nullable<S extends Scalar>(type: S): Column<S, true, false> {
  return { type, nullable: true, generated: false };
}

function generated<S extends Scalar>(type: S): Column<S, false, true> {
  return { type, nullable: false, generated: true };
}

/** A column that may be left out in an insert, so that the release before this one can still write the table. */
function defaulted<S extends Scalar>(type: S): Column<S, false, true> {
  return generated(type);
}

type ColumnType<C> =
  C extends Column<infer S, infer N, infer G>
    ? G extends true
      ? Generated<ScalarTypes[S]>
      : N extends true
        ? ScalarTypes[S] | null
        : ScalarTypes[S]
    : never;

/** What Kysely knows of the database. */
export type Tables = {
  [T in keyof typeof tables]: { -readonly [C in keyof (typeof tables)[T]]: ColumnType<(typeof tables)[T][C]> };
};
