import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Puts the window of a page away, or back in front. */
export async function putAway(page: Page, away: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page);
  // Playwright has each page believe that it is in front.
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: !away });
  const { windowId } = await session.send('Browser.getWindowForTarget');
  await session.send('Browser.setWindowBounds', { windowId, bounds: { windowState: away ? 'minimized' : 'normal' } });
  await expect.poll(async () => page.evaluate('document.hasFocus()')).toBe(!away);
}
