/** How long is waited for a frame, in milliseconds: a hidden page draws none. */
const WITHOUT_FRAMES_MS = 1000;

/** Settles once what is being drawn now is on the screen. */
export async function afterPaint(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, WITHOUT_FRAMES_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      // The frame is painted after its callbacks.
      setTimeout(resolve);
    });
  });
}
