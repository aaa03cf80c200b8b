import { useEffect } from 'react';
import { pinnedFirst } from '../../state/chat-list.ts';
import { neighbour } from '../../state/neighbour.ts';
import { go } from '../navigation.ts';
import { useWorld } from '../world.ts';

/** The keys that work wherever one is. By the place of the key, so that they work in any keyboard's language. */
export function useShortcuts({
  openChat,
  onSwitcher,
  onNewChat,
  onKeys,
  onSettings,
  onSearch,
}: {
  openChat: number | undefined;
  onSwitcher: () => void;
  onNewChat: () => void;
  onKeys: () => void;
  onSettings: () => void;
  onSearch: () => void;
}): void {
  const { store } = useWorld().client;

  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { ctrlKey, metaKey, altKey, shiftKey, code, key } = event;
      const command = (ctrlKey || metaKey) && !altKey && !shiftKey;
      const alone = altKey && !ctrlKey && !metaKey;
      if (command && code === 'KeyK') onSwitcher();
      else if ((ctrlKey || metaKey) && shiftKey && !altKey && code === 'KeyF') onSearch();
      // Where the comma is elsewhere on the keyboard, it is where it is.
      else if (command && (key === ',' || code === 'Comma')) onSettings();
      // Most browsers keep Ctrl N to themselves: it then works in the installed app alone.
      else if ((command || (alone && !shiftKey)) && code === 'KeyN') onNewChat();
      else if (alone && (key === 'ArrowDown' || key === 'ArrowUp')) {
        const chatId = neighbour(pinnedFirst(store.inbox()), openChat, key === 'ArrowDown' ? 1 : -1);
        if (chatId !== undefined) go({ chatId });
      } else if (key === '?' && !ctrlKey && !metaKey && !altKey && !isField(event.target)) onKeys();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [store, openChat, onSwitcher, onNewChat, onKeys, onSettings, onSearch]);
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;
}
