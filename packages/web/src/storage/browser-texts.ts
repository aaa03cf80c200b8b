import type { KeptTexts } from '../state/kept-texts.ts';

/**
 * Texts in `localStorage` under a prefix of their own. Where the browser keeps nothing (private windows, full disks),
 * they last as long as the page.
 */
export function browserTexts(prefix: string): KeptTexts {
  const meanwhile = new Map<string, string | undefined>();
  return {
    get(name) {
      return meanwhile.has(name) ? meanwhile.get(name) : (storage()?.getItem(prefix + name) ?? undefined);
    },
    set(name, text) {
      try {
        if (text === undefined) localStorage.removeItem(prefix + name);
        else localStorage.setItem(prefix + name, text);
        meanwhile.delete(name);
      } catch {
        meanwhile.set(name, text);
      }
    },
    names() {
      const kept = Object.keys(storage() ?? {}).filter((name) => name.startsWith(prefix));
      return [...new Set([...kept.map((name) => name.slice(prefix.length)), ...meanwhile.keys()])];
    },
  };
}

/** Undefined where the browser refuses so much as the look at it, as with all cookies blocked. */
function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
