import { useSyncExternalStore } from 'react';
import { parsePath, pathOf, type Place } from '../state/address.ts';

const listeners = new Set<() => void>();

globalThis.addEventListener('popstate', () => {
  for (const listener of listeners) listener();
});

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the page is, by its address. */
export function usePlace(): Place {
  return parsePath(useSyncExternalStore(watch, () => location.pathname));
}

/** Goes somewhere; the browser's back leads back here. */
export function go(place: Partial<Place>): void {
  const path = pathOf({ chatId: undefined, messageId: undefined, ...place });
  if (path === location.pathname) return;
  // How many pages of ours lie behind: whether going back stays with us.
  history.pushState({ depth: depth() + 1 }, '', path);
  for (const listener of listeners) listener();
}

/** Goes back to the list: by the history where it came from there, so that back and forth stay what they are. */
export function backToList(): void {
  if (depth() > 0) {
    history.back();
    return;
  }
  history.replaceState({ depth: 0 }, '', '/');
  for (const listener of listeners) listener();
}

function depth(): number {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'depth' in state ? Number(state.depth) || 0 : 0;
}
