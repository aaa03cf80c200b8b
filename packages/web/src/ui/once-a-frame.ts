/** How long what is told may wait where no frames are drawn, in milliseconds: a hidden page draws none. */
const WITHOUT_FRAMES_MS = 250;

/**
 * Tells once before the next frame is drawn: what comes within one is drawn together, and what the user does is drawn
 * in the same frame still.
 */
export function onceAFrame(tell: () => void): void {
  let told = false;
  const once = (): void => {
    if (told) return;
    told = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    tell();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, WITHOUT_FRAMES_MS);
}
