/** What must not be, by the name it has in the table. */
export const KINDS = {
  missing: 'acknowledged and missing',
  doubled: 'doubled',
  order: 'order violations',
  state: 'client state ≠ snapshot',
  fence: 'frames after the fence',
  error: 'errors that nobody should see',
} as const;

export type Kind = keyof typeof KINDS;

/** What was found wrong, told as it is found. */
export interface Findings {
  report(kind: Kind, what: string): void;
  count(kind: Kind): number;
  /** The first of each kind, in words. */
  told(): string[];
  total(): number;
}

/** Enough to see what is wrong; a fault that shows itself has thousands. */
const TOLD_OF_A_KIND = 10;

export function createFindings(): Findings {
  const counts = new Map<Kind, number>();
  const words: string[] = [];
  const count = (kind: Kind): number => counts.get(kind) ?? 0;
  return {
    report(kind, what) {
      counts.set(kind, count(kind) + 1);
      if (count(kind) <= TOLD_OF_A_KIND) words.push(`${KINDS[kind]}: ${what}`);
    },
    count,
    told: () => words,
    total: () => [...counts.values()].reduce((sum, value) => sum + value, 0),
  };
}
