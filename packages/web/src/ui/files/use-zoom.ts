import { useEffect, useRef, useState, type RefObject } from 'react';

/** How near an image can be brought. */
const MOST = 8;

/** What a double click brings it to. */
const DOUBLE = 2.5;

/** A finger that goes so far has swiped, in pixels. */
const SWIPE_PX = 60;

interface Looks {
  scale: number;
  x: number;
  y: number;
}

const WHOLE: Looks = { scale: 1, x: 0, y: 0 };

export interface ZoomParts {
  /** To the next one (1), or to the one before (-1). */
  onSwipe: (by: number) => void;
  /** It was swiped away, or what is beside it was pressed. */
  onAway: () => void;
}

/**
 * Brings an image nearer by wheel, pinch and double click, and moves it; while it is whole, a finger that goes sideways
 * leads to the next, and one that goes down closes it.
 */
export function useZoom(parts: ZoomParts): {
  stage: RefObject<HTMLDivElement | null>;
  image: RefObject<HTMLDivElement | null>;
  zoomed: boolean;
} {
  const stage = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLDivElement>(null);
  const [zoomed, setZoomed] = useState(false);
  const acts = useRef(parts);
  useEffect(() => {
    acts.current = parts;
  });

  useEffect(() => {
    const [area, picture] = [stage.current, image.current];
    if (area === null || picture === null) return undefined;
    let looks = WHOLE;
    const fingers = new Map<number, { x: number; y: number }>();
    /** Where the first finger came down; undefined once there was a second. */
    let from: { x: number; y: number; mouse: boolean } | undefined;

    function show(next: Looks): void {
      const scale = Math.min(MOST, Math.max(1, next.scale));
      looks = scale === 1 ? WHOLE : { ...next, scale };
      // It cannot be moved off the screen.
      const bound = (at: number, length: number): number => {
        const most = (length * (scale - 1)) / 2;
        return Math.min(most, Math.max(-most, at));
      };
      looks = { scale, x: bound(looks.x, picture?.offsetWidth ?? 0), y: bound(looks.y, picture?.offsetHeight ?? 0) };
      picture?.style.setProperty('transform', `translate(${looks.x}px, ${looks.y}px) scale(${looks.scale})`);
      setZoomed(scale > 1);
    }

    /** Nearer or farther, so that what is under the point stays there. */
    function zoom(to: number, x: number, y: number): void {
      const box = area?.getBoundingClientRect();
      if (box === undefined) return;
      const [cx, cy] = [x - box.left - box.width / 2, y - box.top - box.height / 2];
      const scale = Math.min(MOST, Math.max(1, to));
      const by = scale / looks.scale;
      show({ scale, x: cx - (cx - looks.x) * by, y: cy - (cy - looks.y) * by });
    }

    function middle(): { x: number; y: number; apart: number } {
      const [one = { x: 0, y: 0 }, other = one] = [...fingers.values()];
      return {
        x: (one.x + other.x) / 2,
        y: (one.y + other.y) / 2,
        apart: Math.hypot(one.x - other.x, one.y - other.y),
      };
    }

    const ending = new AbortController();
    const on = { signal: ending.signal };
    area.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        zoom(looks.scale * Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
      },
      { ...on, passive: false },
    );
    area.addEventListener('dblclick', (event) => zoom(looks.scale > 1 ? 1 : DOUBLE, event.clientX, event.clientY), on);
    area.addEventListener(
      'pointerdown',
      (event) => {
        fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        area.setPointerCapture(event.pointerId);
        from =
          fingers.size === 1 ? { x: event.clientX, y: event.clientY, mouse: event.pointerType === 'mouse' } : undefined;
      },
      on,
    );
    area.addEventListener(
      'pointermove',
      (event) => {
        if (!fingers.has(event.pointerId)) return;
        const before = middle();
        fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        const now = middle();
        if (fingers.size === 2 && before.apart > 0) zoom((looks.scale * now.apart) / before.apart, now.x, now.y);
        if (looks.scale > 1) show({ ...looks, x: looks.x + now.x - before.x, y: looks.y + now.y - before.y });
      },
      on,
    );
    const up = (event: PointerEvent): void => {
      fingers.delete(event.pointerId);
      if (from === undefined || event.type === 'pointercancel') return;
      const [x, y] = [event.clientX - from.x, event.clientY - from.y];
      const { mouse } = from;
      from = undefined;
      if (looks.scale > 1) return;
      if (Math.hypot(x, y) < 5) {
        const within = picture.getBoundingClientRect();
        const beside =
          event.clientX < within.left ||
          event.clientX > within.right ||
          event.clientY < within.top ||
          event.clientY > within.bottom;
        if (beside) acts.current.onAway();
      } else if (!mouse && Math.abs(x) > SWIPE_PX && Math.abs(x) > Math.abs(y)) acts.current.onSwipe(x < 0 ? 1 : -1);
      else if (!mouse && y > SWIPE_PX) acts.current.onAway();
    };
    area.addEventListener('pointerup', up, on);
    area.addEventListener('pointercancel', up, on);
    return () => ending.abort();
  }, []);

  return { stage, image, zoomed };
}
