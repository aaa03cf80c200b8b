import { lazy as reactLazy, useEffect, type ComponentType } from 'react';
import { useWorld } from './world.ts';

/**
 * A part of the page that is read when it is first wanted. Where it cannot be read (no network and nothing kept, or
 * another build on the server by now), one is told, and all the rest stays on the screen. Some browsers remember that a
 * module could not be read, so that only another page can try again.
 */
export function lazy<P extends object>(read: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  return reactLazy(async () => {
    try {
      return await read();
    } catch {
      return { default: Unread };
    }
  });
}

function Unread() {
  const { notices } = useWorld();
  useEffect(() => {
    notices.tell({ kind: 'failed', deed: 'readPart', problem: { code: 'part', detail: '' }, again: undefined });
  }, [notices]);
  return null;
}
