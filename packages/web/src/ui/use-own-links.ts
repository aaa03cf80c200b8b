import { useEffect } from 'react';
import { parsePath } from '../state/address.ts';
import { go } from './navigation.ts';

/** Links in messages that lead to a chat of this server are followed here, and not in another tab. */
export function useOwnLinks(): void {
  useEffect(() => {
    const follow = (event: MouseEvent): void => {
      const { target, button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented } = event;
      if (defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return;
      const link = target instanceof Element ? target.closest<HTMLAnchorElement>('article a[href]') : null;
      if (link === null || link.origin !== location.origin) return;
      const place = parsePath(link.pathname);
      if (place.chatId === undefined) return;
      event.preventDefault();
      go(place);
    };
    document.addEventListener('click', follow);
    return () => document.removeEventListener('click', follow);
  }, []);
}
