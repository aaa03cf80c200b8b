/** What the address bar says: the list of chats, a chat, or a message in it. */
export interface Place {
  chatId: number | undefined;
  messageId: number | undefined;
}

/** Reads a path such as `/c/5/123`; what is none of ours is the list. */
export function parsePath(path: string): Place {
  const [, chat, message] = /^\/c\/(\d{1,15})(?:\/(\d{1,15}))?\/?$/.exec(path) ?? [];
  const chatId = id(chat);
  return { chatId, messageId: chatId === undefined ? undefined : id(message) };
}

export function pathOf({ chatId, messageId }: Place): string {
  if (chatId === undefined) return '/';
  return messageId === undefined ? `/c/${chatId}` : `/c/${chatId}/${messageId}`;
}

/** A number that can be an id; undefined where the text is none. */
function id(text: string | undefined): number | undefined {
  return Number(text) || undefined;
}
