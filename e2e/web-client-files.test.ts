import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photo } from '../packages/server/testing/pictures.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { openChatOnPage, signInOnPage, twoPeople } from './chat-page.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 86_400 }, undefined, WEB_FOLDER);
});
afterAll(async () => {
  await server.stop();
});

/** Anna’s page and Boris’s, in their chat. */
async function bothInChat() {
  const { anna, boris, chatId } = await twoPeople(server);
  const [hers, his] = [await openTab(server.url), await openTab(server.url)];
  await signInOnPage(hers.page, anna);
  await openChatOnPage(hers.page, boris.username);
  await signInOnPage(his.page, boris);
  await openChatOnPage(his.page, anna.username);
  return { anna, boris, chatId, hers, his };
}

async function choose(page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ]);
  await chooser.setFiles(files);
}

/** Whether the pixels of an image are there. */
async function isDrawn(image: Locator): Promise<boolean> {
  return image.evaluate((element) => 'naturalWidth' in element && Number(element.naturalWidth) > 0);
}

describe('FL images', () => {
  test('FL2 an image that is chosen with the button is seen by the other person', async () => {
    const { hers, his } = await bothInChat();
    await choose(hers.page, [{ name: 'garden.jpg', mimeType: 'image/jpeg', buffer: await photo() }]);
    await hers.page.getByRole('list', { name: 'Files to send' }).getByText('garden.jpg').waitFor();
    await hers.page.getByRole('textbox', { name: /^Message / }).fill('The garden today');
    await hers.page.getByRole('button', { name: 'Send', exact: true }).click();
    for (const { page } of [hers, his]) {
      const image = page.getByRole('article').filter({ hasText: 'The garden today' }).getByAltText('garden.jpg');
      await image.waitFor();
      await expect.poll(async () => isDrawn(image)).toBe(true);
    }
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });
});
