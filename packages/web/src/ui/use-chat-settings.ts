import type { UpdateChatSettings } from '@beseda/protocol/settings.ts';
import { useWorld } from './world.ts';

/** Pins or mutes a chat: it shows at once, and where it fails one is told. */
export function useChatSettings(): (chatId: number, change: UpdateChatSettings) => void {
  const { client, notices } = useWorld();
  return (chatId, change) => {
    void notices.attempt('chatSettings', async () => client.updateChatSettings(chatId, change));
  };
}
