/** Those that fit, by how well; those that fit alike keep their order. Without a query: all of them. */
export function ranked<T>(things: readonly T[], query: string, textsOf: (thing: T) => readonly string[]): T[] {
  if (query === '') return [...things];
  return things
    .map((thing) => ({ thing, rank: Math.min(...textsOf(thing).map((text) => rankOf(fold(text), query))) }))
    .filter(({ rank }) => rank < Infinity)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ thing }) => thing);
}

/** 0: it begins so; 1: a word of it does; 2: it holds the query. */
function rankOf(text: string, query: string): number {
  if (text.startsWith(query)) return 0;
  const at = text.indexOf(query);
  if (at < 0) return Infinity;
  return text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(query)) ? 1 : 2;
}

/** A text as it is compared: without regard to case and to what stands around it. */
export function fold(text: string): string {
  return text.trim().toLowerCase();
}
