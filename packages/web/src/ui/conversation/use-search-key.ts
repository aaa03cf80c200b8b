import { useEffect, useEffectEvent } from 'react';

/** Ctrl or ⌘ with F means the chat that is open. By the place of the key, so that it works in any keyboard's language. */
export function useSearchKey(search: () => void): void {
  const onKey = useEffectEvent(search);
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { ctrlKey, metaKey, altKey, shiftKey, code } = event;
      if (!(ctrlKey || metaKey) || altKey || shiftKey || code !== 'KeyF') return;
      // In a dialog, the browser's own search finds more.
      if (document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) return;
      event.preventDefault();
      onKey();
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, []);
}
