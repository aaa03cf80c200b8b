import { mayEdit, type Item, type MessageItem } from '../../state/timeline.ts';
import type { MessageActions } from './message-actions.ts';

/** A key on a message that has the focus. */
export interface MessageKeys {
  items: readonly Item[];
  actions: MessageActions;
  /** Whether one may pin messages here. */
  mayPin: boolean;
  /** Whether it is the chat with oneself. */
  saved: boolean;
  /** Brings the row of an item on the screen and into the focus. */
  focus: (index: number) => void;
  /** Opens what one can do to a message. */
  openMenu: (row: HTMLElement) => void;
  /** Back to writing. */
  leave: () => void;
}

/**
 * Does what a key means: the arrows go from message to message, beginning with the newest on the screen.
 *
 * @param shown the index of the last item on the screen.
 * @returns whether it meant something.
 */
export function pressed(key: string, target: EventTarget, shown: number, keys: MessageKeys): boolean {
  const { items } = keys;
  const row = target instanceof HTMLElement && target.matches('article') ? target : undefined;
  const at = row === undefined ? -1 : items.findIndex((item) => item.key === row.dataset['key']);
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const begin = row === undefined ? (key === 'ArrowUp' ? shown + 1 : -1) : at;
    if (row === undefined && (key === 'ArrowDown' || target instanceof HTMLAnchorElement)) return false;
    const next = nextMessage(items, begin, key === 'ArrowUp' ? -1 : 1);
    if (next === undefined) return row !== undefined;
    keys.focus(next);
    return true;
  }
  const item = items[at];
  if (row === undefined || item?.kind !== 'message') return false;
  if (key === 'Escape') keys.leave();
  else if (item.deleted) return false;
  else return act(key, item, row, keys);
  return true;
}

function act(
  key: string,
  message: MessageItem,
  row: HTMLElement,
  { actions, mayPin, saved, openMenu }: MessageKeys,
): boolean {
  switch (key.toLowerCase()) {
    case 'r':
    case 'к':
      actions.reply(message);
      return true;
    case 'e':
    case 'у':
      if (mayEdit(message)) actions.edit(message);
      return message.mine;
    case 'f':
    case 'а':
      actions.forward(message);
      return true;
    case 's':
    case 'ы':
      if (!saved) actions.save(message);
      return !saved;
    case 'p':
    case 'з':
      if (mayPin) actions.pin(message, !message.pinned);
      return mayPin;
    case '+':
    case '=':
    case 'enter':
      openMenu(row);
      return true;
    default:
      return false;
  }
}

function nextMessage(items: readonly Item[], from: number, step: 1 | -1): number | undefined {
  for (let index = from + step; index >= 0 && index < items.length; index += step) {
    if (items[index]?.kind === 'message') return index;
  }
  return undefined;
}
