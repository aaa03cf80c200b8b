/** A place on the screen, in pixels. */
export interface Point {
  x: number;
  y: number;
}

/** A point as an anchor of what pops up. */
export function pointOf({ x, y }: Point): { getBoundingClientRect(): DOMRect } {
  return { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) };
}
