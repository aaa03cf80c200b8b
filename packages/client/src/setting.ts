import type { UpdateChatSettings } from '@beseda/protocol/settings.ts';
import type { Api } from './rest/api.ts';
import type { FilledStore } from './store/store.ts';

/**
 * Sets chats: it shows at once, and is taken back where the server cannot be told. What is set in one chat is told in
 * order, so that the last word is the last on the server too.
 */
export function createSetting(
  store: FilledStore,
  api: Api,
): (chatId: number, change: UpdateChatSettings) => Promise<void> {
  const turns = new Map<number, Promise<void>>();

  async function tell(chatId: number, change: UpdateChatSettings): Promise<void> {
    const asked = store.asking(chatId);
    try {
      await api.chats.updateSettings(chatId, change);
    } catch (error) {
      store.settingsRefused(chatId, change);
      throw error;
    }
    store.settingsTaken(chatId, change, asked);
  }

  return async (chatId, change) => {
    store.wantSettings(chatId, change);
    const before = turns.get(chatId) ?? Promise.resolve();
    const told = before.then(async () => tell(chatId, change));
    const turn = told.catch(() => undefined);
    turns.set(chatId, turn);
    try {
      await told;
    } finally {
      if (turns.get(chatId) === turn) turns.delete(chatId);
    }
  };
}
