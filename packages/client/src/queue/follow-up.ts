import { mayPass, type Entry } from './entry.ts';

/** What may follow a message that is stored. */
export interface FollowUps {
  edit: (chatId: number, messageId: number, text: string) => Promise<unknown>;
  delete: (chatId: number, messageId: number) => Promise<unknown>;
  react: (chatId: number, messageId: number, emoji: string) => Promise<unknown>;
}

/**
 * Does the first of what is to follow a message that is stored. What the server refuses for good is told and done with:
 * the message itself has arrived.
 *
 * @throws what may succeed later.
 */
export async function followUp(
  entry: Entry,
  messageId: number,
  acts: FollowUps,
  onProblem: (error: unknown) => void,
): Promise<void> {
  const { chat_id: chatId, dropped, edited, reactions } = entry.item;
  try {
    if (dropped) await acts.delete(chatId, messageId);
    else if (edited !== null) await acts.edit(chatId, messageId, edited);
    else for (const emoji of reactions) await acts.react(chatId, messageId, emoji);
  } catch (error) {
    if (mayPass(error)) throw error;
    onProblem(error);
  }
  // More may have been asked for meanwhile.
  const { item } = entry;
  if (dropped) entry.item = { ...item, dropped: false, edited: null, reactions: [] };
  else if (edited === null) {
    entry.item = { ...item, reactions: item.reactions.filter((emoji) => !reactions.includes(emoji)) };
  } else if (item.edited === edited) entry.item = { ...item, text: edited, edited: null };
}
