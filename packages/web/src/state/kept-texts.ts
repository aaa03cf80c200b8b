/** Texts by name that outlast the page. */
export interface KeptTexts {
  get(name: string): string | undefined;
  /** Undefined takes it away. */
  set(name: string, text: string | undefined): void;
  names(): readonly string[];
}

/** Keeps them as long as the program runs. */
export function memoryTexts(): KeptTexts {
  const kept = new Map<string, string>();
  return {
    get: (name) => kept.get(name),
    set(name, text) {
      if (text === undefined) kept.delete(name);
      else kept.set(name, text);
    },
    names: () => [...kept.keys()],
  };
}
