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

/** How often one was led somewhere: to the same place again, too. */
let arrivals = 0;

/** Where the page is, by its address, and which arrival that is. */
export function usePlace(): Place & { arrival: number } {
  const path = useSyncExternalStore(watch, () => location.pathname);
  const arrival = useSyncExternalStore(watch, () => arrivals);
  return { ...parsePath(path), arrival };
}

/** Goes somewhere; the browser's back leads back here. */
export function go(place: Partial<Place>): void {
  const path = pathOf({ chatId: undefined, messageId: undefined, ...place });
  arrivals += 1;
  // How many pages of ours lie behind: whether going back stays with us.
  if (path !== location.pathname) history.pushState({ depth: depth() + 1 }, '', path);
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
