import { useEffect } from 'react';

/** Where what had the focus has gone with its chat, the focus goes to the list: whoever works by the keys goes on there. */
export function useKeptFocus(chatId: number | undefined): void {
  useEffect(() => {
    if (chatId === undefined) return undefined;
    // A dialog that goes with the chat gives the focus back first, to what may be gone too.
    return () => void requestAnimationFrame(toList);
  }, [chatId]);
}

function toList(): void {
  if (document.activeElement !== document.body) return;
  const list = document.querySelector('nav');
  (list?.querySelector<HTMLElement>('a[href]') ?? list?.querySelector('button'))?.focus();
}
