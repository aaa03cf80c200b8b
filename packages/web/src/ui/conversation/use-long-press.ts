import { useRef, type TouchEvent } from 'react';

/** A finger that stays this long means a menu, in milliseconds; most systems have it so. */
const LONG_MS = 450;

/** A finger never stays quite still: it has not moved within so many pixels. */
const STILL = 10;

/** What a touch that stays does, on systems that have no event for it; the click that would follow is taken back. */
export function useLongPress(act: (target: EventTarget, x: number, y: number) => boolean) {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number; done: boolean }>(undefined);
  const end = (): void => clearTimeout(press.current?.timer);
  return {
    onTouchStart({ target, touches }: TouchEvent) {
      end();
      const [touch] = touches;
      if (touch === undefined || touches.length > 1) return;
      const { clientX: x, clientY: y } = touch;
      const timer = setTimeout(() => {
        if (press.current !== undefined) press.current.done = act(target, x, y);
      }, LONG_MS);
      press.current = { timer, x, y, done: false };
    },
    onTouchMove({ touches }: TouchEvent) {
      const [touch] = touches;
      const began = press.current;
      if (touch === undefined || began === undefined) return;
      if (Math.hypot(touch.clientX - began.x, touch.clientY - began.y) > STILL) end();
    },
    onTouchEnd(event: TouchEvent) {
      end();
      if (press.current?.done === true && event.cancelable) event.preventDefault();
    },
    onTouchCancel: end,
  };
}
