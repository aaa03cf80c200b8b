import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/**
 * Where the focus is, as those see it who have no pointer: nothing where all is well, else what is wrong. A field shows
 * it by its caret, an item of a menu by its ground, all else by a ring on itself or on what it stands for.
 */
const LOOK = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return 'the focus is nowhere';
  const { width, height } = element.getBoundingClientRect();
  const name = element.localName + ' ' + (element.getAttribute('aria-label') ?? element.textContent.slice(0, 30));
  if (width === 0 || height === 0) return name + ' has the focus and is not to be seen';
  if (element.matches('textarea, input:not([type=radio], [type=checkbox])')) return '';
  if (element.matches('[role=menu]')) return '';
  const around = [element, element.nextElementSibling, ...element.querySelectorAll('*')].filter((one) => one !== null);
  const ringed = around.some((one) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
  });
  if (ringed) return '';
  const ground = getComputedStyle(element).backgroundColor;
  if (element.matches('[role=menuitem], [role=gridcell]') && !/^rgba\\(.*, 0\\)$|transparent/.test(ground)) return '';
  return name + ' has the focus and no ring';
})()`;

/** The focus is somewhere, and one sees where. */
export async function expectFocusSeen(page: Page): Promise<void> {
  await expect.poll(async () => page.evaluate(LOOK), { timeout: 10_000 }).toBe('');
}

/** The focus is on this, and one sees it. */
export async function expectFocusOn(place: Locator): Promise<void> {
  await expect.poll(async () => isFocused(place), { timeout: 10_000 }).toBe(true);
  await expectFocusSeen(place.page());
}

/** Goes on by a key until the focus is on something; on the way it is always to be seen. */
export async function goTo(place: Locator, key = 'Tab'): Promise<void> {
  const page = place.page();
  await place.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press(key);
    // After the last thing on a page comes what is the browser's own, and then the first one again.
    if (await page.evaluate('document.activeElement === document.body')) continue;
    await expectFocusSeen(page);
    if (await isFocused(place)) return;
  }
  throw new Error(`the keys do not lead to ${String(place)}`);
}

async function isFocused(place: Locator): Promise<boolean> {
  return place.evaluate((element) => element === element.ownerDocument.activeElement);
}
