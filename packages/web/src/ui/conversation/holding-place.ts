import { flushSync } from 'react-dom';

/** What of the virtualiser is needed to tell it of a height at once. */
interface Heights {
  resizeItem: (index: number, height: number) => void;
}

/**
 * Changes the height of a row within one frame, and keeps where one reads: what grows does so downwards; what shrinks
 * keeps its top where that is on the screen, else its bottom, at which the button stands that was pressed.
 *
 * @param place the place of the row, as high as it is.
 */
export function holdingPlace(scroller: Element, place: HTMLElement, heights: Heights, change: () => void): void {
  const before = place.getBoundingClientRect();
  flushSync(change);
  const grown = place.offsetHeight - before.height;
  const index = Number(place.dataset['index']);
  if (grown < 0 && before.top < scroller.getBoundingClientRect().top - 1) {
    scroller.scrollTop += grown;
    // The virtualiser hears of it before it hears of the height: else it would take the row to have left the screen.
    scroller.dispatchEvent(new Event('scroll'));
    flushSync(() => heights.resizeItem(index, place.offsetHeight));
    return;
  }
  flushSync(() => heights.resizeItem(index, place.offsetHeight));
  scroller.scrollTop += place.getBoundingClientRect().top - before.top;
}
