import type { ChatView } from '@beseda/client/store/views.ts';

/** The chat before or after one in the list, around its ends; the first where none is open. */
export function neighbour(inbox: readonly ChatView[], open: number | undefined, step: 1 | -1): number | undefined {
  const at = inbox.findIndex(({ id }) => id === open);
  if (at < 0) return inbox[0]?.id;
  return inbox[(at + step + inbox.length) % inbox.length]?.id;
}
