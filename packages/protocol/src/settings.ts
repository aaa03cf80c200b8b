import { Type, type Static } from 'typebox';
import { ChatId } from './scalars.ts';

const settings = {
  muted: Type.Boolean({ description: 'Whether the user wants no notifications of the chat.', examples: [false] }),
  pinned: Type.Boolean({ description: 'Whether the user keeps the chat on top of their list.', examples: [true] }),
};

/** How a user has set a chat of theirs, for themself alone. */
export const ChatSettings = Type.Object(settings, {
  title: 'ChatSettings',
  description: 'How the user has set the chat, for themself alone.',
});
export type ChatSettings = Static<typeof ChatSettings>;

export const UpdateChatSettings = Type.Object(
  { muted: Type.Optional(settings.muted), pinned: Type.Optional(settings.pinned) },
  {
    title: 'UpdateChatSettings',
    description: 'What is left out stays.',
    examples: [{ pinned: true }],
  },
);
export type UpdateChatSettings = Static<typeof UpdateChatSettings>;

export const SettingsFrame = Type.Object(
  { type: Type.Literal('settings'), chat_id: ChatId, ...settings },
  {
    title: 'SettingsFrame',
    description: "How the user has set the chat, for the user's own devices; nobody else gets it.",
  },
);
export type SettingsFrame = Static<typeof SettingsFrame>;
