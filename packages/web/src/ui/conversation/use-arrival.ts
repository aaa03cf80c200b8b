import { useCallback, useEffectEvent, useEffect, useRef, type RefObject } from 'react';

/** A place is reached once it has stayed for so many frames: the virtualiser finds it anew while rows are measured. */
const STILL_FRAMES = 4;

/** Whoever scrolls meanwhile is not waited for any longer than so many frames. */
const MOST_FRAMES = 60;

/**
 * Tells while a place is still being gone to. The virtualiser knows it by its number in the list: rows that came before
 * it meanwhile would lead elsewhere, so nothing is read until then.
 *
 * @param arrived is called once the place is reached.
 */
export function useArrival(scroller: RefObject<HTMLElement | null>, arrived: () => void) {
  const underWay = useRef(false);
  const frame = useRef(0);
  const onArrival = useEffectEvent(arrived);
  const settled = useRef((): void => {});
  useEffect(() => {
    settled.current = () => onArrival();
    return () => cancelAnimationFrame(frame.current);
  }, []);

  const set = useCallback(() => {
    cancelAnimationFrame(frame.current);
    underWay.current = true;
    let last = Number.NaN;
    let still = 0;
    let frames = 0;
    const look = (): void => {
      const now = scroller.current?.scrollTop ?? 0;
      still = now === last ? still + 1 : 0;
      last = now;
      frames += 1;
      if (still < STILL_FRAMES && frames < MOST_FRAMES) {
        frame.current = requestAnimationFrame(look);
        return;
      }
      underWay.current = false;
      settled.current();
    };
    frame.current = requestAnimationFrame(look);
  }, [scroller]);

  return { underWay, set };
}
