import { useEffect, type RefObject } from 'react';

/**
 * Whoever is at the end of what scrolls stays there when it gets lower: by what is pinned above it, which is read after
 * it, by a longer text below, or by the keyboard of a phone.
 *
 * @param atEnd whether one was there when it was looked at last.
 */
export function useKeptEnd(scroller: RefObject<HTMLElement | null>, atEnd: RefObject<boolean>): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, atEnd]);
}
