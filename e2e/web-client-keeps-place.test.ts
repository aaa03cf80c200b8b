import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, sendText, type Person } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, openChatOnPage, signInOnPage, twoPeople, writeOnPage } from './chat-page.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({}, undefined, WEB_FOLDER);
});
afterAll(async () => server.stop());

/** Adds up what moved on the screen without anyone having asked for it, as the browser itself sees it. */
const WATCH_SHIFTS = `
  globalThis.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts += entry.value;
  }).observe({ type: 'layout-shift' });
`;

/** Two drawn frames: what was under way is on the screen. */
const FRAMES = 'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))';

/** Where a message is on the screen, in pixels from its top. */
async function placeOf(page: Page, text: string): Promise<number | undefined> {
  await page.evaluate(FRAMES);
  return (await bubbles(page, text).boundingBox())?.y;
}

async function longChat(count: number): Promise<{ anna: Person; boris: Person; chatId: number }> {
  const { anna, boris, chatId } = await twoPeople(server);
  for (let index = 1; index <= count; index += 1) {
    const lines = Array.from({ length: 1 + (index % 4) }, () => `line of number ${index}.`);
    await sendText(server, index % 3 === 0 ? anna : boris, chatId, lines.join('\n'));
  }
  await ask(server, 'POST', `/messages/${chatId}/${count}/read`, { token: anna.token });
  return { anna, boris, chatId };
}

describe('the place where one reads', () => {
  test('a chat that is held is at its end in the first frame that shows it, and nothing moves after', async () => {
    const { anna, boris } = await longChat(60);
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    await openChatOnPage(page, boris.username);
    await bubbles(page, 'number 60').waitFor();
    await page.goBack();
    await page.evaluate(WATCH_SHIFTS);
    const places: number[] = await page.evaluate(`(async () => {
      const places = [];
      document.querySelector('nav a[data-chat]').click();
      for (let frame = 0; frame < 12; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = resolve;
          port2.postMessage(undefined);
        }));
        const last = [...document.querySelectorAll('article')].at(-1);
        if (last !== undefined) places.push(Math.round(last.getBoundingClientRect().bottom));
      }
      return places;
    })()`);
    expect(places.length).toBeGreaterThan(5);
    expect(new Set(places).size).toBe(1);
    expect(await page.evaluate('shifts')).toBe(0);
  });

  test('stays while messages above it are edited, reacted to and deleted, and new ones come', async () => {
    const { anna, boris, chatId } = await longChat(80);
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    await page.goto(`${server.url}/c/${chatId}/50`);
    await bubbles(page, 'number 50.').waitFor();
    await page.evaluate(FRAMES);
    await page.evaluate(WATCH_SHIFTS);
    const before = await placeOf(page, 'number 50.');
    const change = async (method: string, path: string, json?: unknown): Promise<void> => {
      const { status } = await ask(server, method, `/messages/${chatId}/${path}`, { token: boris.token, json });
      expect(status).toBeLessThan(300);
    };
    const above = bubbles(page, /number 38\./);
    await above.waitFor();
    await change('PATCH', '38', { text: Array.from({ length: 9 }, () => 'number 38. edited').join('\n') });
    await bubbles(page, 'number 38. edited').waitFor();
    await change('PUT', `40/reactions/${encodeURIComponent('🎉')}`);
    await page.getByRole('button', { name: /🎉/ }).waitFor();
    await change('DELETE', '37');
    await sendText(server, boris, chatId, 'one that comes meanwhile');
    // What was told before it has come, too.
    await page.getByRole('navigation', { name: 'Chats' }).getByText('one that comes meanwhile').waitFor();
    expect(await placeOf(page, 'number 50.')).toBeCloseTo(before ?? Number.NaN, 0);
    expect(await page.evaluate('shifts')).toBe(0);
  });

  test('what one writes is on the screen in the frame after Enter, wherever one was reading', async () => {
    const { anna, chatId } = await longChat(60);
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    await page.goto(`${server.url}/c/${chatId}/20`);
    await bubbles(page, 'number 20.').waitFor();
    await writeOnPage(page, 'written from above');
    await page.evaluate(FRAMES);
    const box = await bubbles(page, 'written from above').boundingBox();
    expect(box?.y).toBeLessThan(page.viewportSize()?.height ?? 0);
  });
});
