import { Type, type Static } from 'typebox';
import {
  AckFrame,
  ChatFrame,
  ErrorFrame,
  MarkReadFrame,
  MemberFrame,
  MessageFrame,
  ReadFrame,
  SendFrame,
} from './frames.ts';
import { DeliveredFrame, MarkDeliveredFrame, MarkUnreadFrame, UnreadFrame } from './marks.ts';
import { MessageText } from './messages.ts';
import { OnlineFrame, PresenceFrame, TypeFrame, TypingFrame } from './presence.ts';
import { ChatId, MessageId, SessionId, UserId, Version } from './scalars.ts';
import { SettingsFrame } from './settings.ts';

/** Counts the versions of this protocol; a change that old clients cannot live with takes the next. */
export const PROTOCOL_VERSION = 1;

/** How often, in seconds, sockets are asked whether they live; two times without an answer is dead (45 s at most). */
export const HEARTBEAT_S = 20;

/** Seconds within which a new socket says who it is. */
export const AUTH_DEADLINE_S = 5;

const Ref = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }));

/** Versions by chat id; JSON has no other keys than strings. */
const Versions = Type.Record(Type.String({ pattern: '^[1-9][0-9]{0,15}$' }), Version, {
  additionalProperties: false,
});

// ——— Up: what a client sends through the one socket for everything.

export const AuthFrame = Type.Object(
  { type: Type.Literal('auth'), token: Type.String({ maxLength: 4096 }), ref: Ref },
  { title: 'AuthFrame', description: 'The first frame.' },
);

export const SyncFrame = Type.Object(
  { type: Type.Literal('sync'), since: Versions, ref: Ref },
  { title: 'SyncFrame', description: 'What the client holds: asks for all that it lacks, and for what comes.' },
);

export const SendInChatFrame = Type.Object({ ...SendFrame.properties, chat_id: ChatId }, { title: 'SendInChatFrame' });

export const MarkReadInChatFrame = Type.Object(
  { ...MarkReadFrame.properties, chat_id: ChatId },
  { title: 'MarkReadInChatFrame' },
);

export const EditFrame = Type.Object(
  { type: Type.Literal('edit'), chat_id: ChatId, message_id: MessageId, text: MessageText, ref: Ref },
  { title: 'EditFrame' },
);

export const DeleteFrame = Type.Object(
  { type: Type.Literal('delete'), chat_id: ChatId, message_id: MessageId, ref: Ref },
  { title: 'DeleteFrame' },
);

export const ReactFrame = Type.Object(
  {
    type: Type.Literal('react'),
    chat_id: ChatId,
    message_id: MessageId,
    emoji: Type.String({ maxLength: 64, description: 'One emoji.' }),
    on: Type.Boolean({ description: 'False takes the reaction back.' }),
    ref: Ref,
  },
  { title: 'ReactFrame' },
);

export const PingFrame = Type.Object({ type: Type.Literal('ping'), ref: Ref }, { title: 'PingFrame' });

/** What the socket takes, by type. */
export const socketUpFrames = {
  auth: AuthFrame,
  sync: SyncFrame,
  message: SendInChatFrame,
  read: MarkReadInChatFrame,
  delivered: MarkDeliveredFrame,
  unread: MarkUnreadFrame,
  edit: EditFrame,
  delete: DeleteFrame,
  react: ReactFrame,
  typing: TypeFrame,
  ping: PingFrame,
} as const;

export type SocketUpFrame = {
  [T in keyof typeof socketUpFrames]: Static<(typeof socketUpFrames)[T]>;
}[keyof typeof socketUpFrames];

// ——— Down: what the server sends.

export const HelloFrame = Type.Object(
  {
    type: Type.Literal('hello'),
    user_id: UserId,
    session_id: SessionId,
    protocol: Type.Integer({ description: 'The version of the protocol.' }),
    heartbeat_s: Type.Integer({ description: 'How often the server looks whether the other side lives.' }),
  },
  { title: 'HelloFrame', description: 'The answer to `auth`.' },
);

export const ResetFrame = Type.Object(
  { type: Type.Literal('reset'), chat_id: ChatId },
  {
    title: 'ResetFrame',
    description: 'Too much has changed to tell: drop what you hold of this chat, read its history.',
  },
);

export const SyncedFrame = Type.Object(
  {
    type: Type.Literal('synced'),
    versions: Versions,
    complete: Type.Boolean({
      description: 'True: the answer to `sync`; the client is in no other chats than these. False: a chat has come.',
    }),
    ref: Ref,
  },
  { title: 'SyncedFrame', description: 'The client now holds these versions; what follows is live.' },
);

export const PongFrame = Type.Object({ type: Type.Literal('pong'), ref: Ref }, { title: 'PongFrame' });

/** What the socket sends, by type. */
export const socketDownFrames = {
  hello: HelloFrame,
  message: MessageFrame,
  member: MemberFrame,
  chat: ChatFrame,
  read: ReadFrame,
  delivered: DeliveredFrame,
  unread: UnreadFrame,
  settings: SettingsFrame,
  typing: TypingFrame,
  presence: PresenceFrame,
  online: OnlineFrame,
  reset: ResetFrame,
  synced: SyncedFrame,
  ack: AckFrame,
  error: ErrorFrame,
  pong: PongFrame,
} as const;

export type SocketDownFrame = {
  [T in keyof typeof socketDownFrames]: Static<(typeof socketDownFrames)[T]>;
}[keyof typeof socketDownFrames];
