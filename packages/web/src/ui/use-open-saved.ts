import { savedChat } from '../state/saved.ts';
import { go } from './navigation.ts';
import { useWorld } from './world.ts';

/** Leads to the chat with oneself. */
export function useOpenSaved(): () => void {
  const { client, notices } = useWorld();
  return () => void notices.attempt('openChat', async () => go({ chatId: await savedChat(client) }));
}
