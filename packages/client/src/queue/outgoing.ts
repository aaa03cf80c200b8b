import { MessageFile } from '@beseda/protocol/files.ts';
import { ChatId, ClientId, MessageId, Nullable, Timestamp, UserId } from '@beseda/protocol/scalars.ts';
import { Type, type Static } from 'typebox';

/** A message on its way: written here, and not yet known to be settled on the server. */
export const Outgoing = Type.Object({
  client_id: ClientId,
  sender_id: UserId,
  chat_id: ChatId,
  /** Messages of one chat are sent in this order. */
  order: Type.Integer({ minimum: 0 }),
  text: Type.String(),
  reply_to: Nullable(MessageId),
  /** What it has of files, which are on the server already. Those that were kept before there were any have none. */
  files: Type.Optional(Type.Array(MessageFile)),
  /** When it was written, by this device's clock. */
  created_at: Timestamp,
  /** Why the server refused it for good; null: it has not. */
  failure: Type.Union([Type.Null(), Type.Object({ code: Type.String(), detail: Type.String() })]),
  /** Its id, once the server is known to have stored it; kept while one of the following has still to be done. */
  message_id: Nullable(MessageId),
  /** The text that it is to have; null: the one that it is sent with. */
  edited: Nullable(Type.String()),
  /** It is to be deleted once it is stored. */
  dropped: Type.Boolean(),
  /** Emoji that the sender has reacted with. */
  reactions: Type.Array(Type.String()),
});
export type Outgoing = Static<typeof Outgoing>;
