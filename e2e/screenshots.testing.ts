import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { test } from 'vitest';
import { ask } from '../packages/server/testing/api-client.ts';
import { connectSynced } from '../packages/server/testing/synced-client.ts';
import { createTestClock, startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { launchBrowser } from './browser.ts';
import { openChatOnPage, signInOnPage } from './chat-page.testing.ts';
import { plantGarden, type Garden } from './garden.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url));

const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
const TABLET: BrowserContextOptions = { viewport: { width: 768, height: 1024 }, hasTouch: true, isMobile: true };
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

/** The last things said, and the screen as Anna sees it then. */
async function atTheTable(page: Page): Promise<void> {
  await openChatOnPage(page, 'Садовый совет');
  await page.getByText('Скажи, если что-то').last().waitFor();
  await page.evaluate('document.fonts.ready');
}

/** How Anna has set her chats. */
async function arrange(server: TestServer, { anna, council }: Garden): Promise<void> {
  const { body } = await ask(server, 'GET', '/chats/', { token: anna.token });
  const bridge = Object(body).chats.find(({ name }: { name: string }) => name === 'Release bridge');
  await ask(server, 'PATCH', `/chats/${council}/settings`, { token: anna.token, json: { pinned: true } });
  await ask(server, 'PATCH', `/chats/${bridge.id}/settings`, { token: anna.token, json: { muted: true } });
}

// oxlint-disable-next-line vitest/expect-expect -- it makes pictures
test('the pictures of the main screens', async () => {
  const clock = createTestClock(new Date('2026-11-22T12:00:00'));
  const server = await startTestServer({ accessTokenLifetime: 86_400 }, { clock }, WEB_FOLDER);
  const browser = await launchBrowser();
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const garden = await plantGarden(server);
  await arrange(server, garden);
  await connectSynced(server, garden.mira);

  async function picture(
    name: string,
    options: BrowserContextOptions,
    scene: (page: Page, garden: Garden) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.clock.setFixedTime(clock.now());
    // A headless browser refuses notifications, of which the settings would tell.
    await page.addInitScript(`Object.defineProperty(Notification, 'permission', { get: () => 'default' })`);
    await page.goto(server.url);
    await signInOnPage(page, garden.anna);
    await scene(page, garden);
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${FOLDER}${name}.png` });
    await context.close();
  }

  // First, while she is signed in nowhere else.
  await picture('settings-dark', { ...DESKTOP, colorScheme: 'dark' }, async (page) => {
    await atTheTable(page);
    await page.getByRole('button', { name: 'You and settings' }).click();
    await page.getByRole('menuitem', { name: 'Settings' }).click();
    await page.getByText('This device').waitFor();
  });
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      await picture(`${device}-${colorScheme}`, { ...options, colorScheme }, atTheTable);
    }
  }
  await picture('phone-list-light', PHONE, async (page) => {
    await page.getByText('Книжный клуб').waitFor();
  });
  await picture('tablet-light', TABLET, atTheTable);
  await picture('emoji-light', DESKTOP, async (page) => {
    await atTheTable(page);
    await page.getByRole('textbox', { name: /^Message / }).fill('On my way ');
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await page.getByRole('gridcell', { name: 'grinning face', exact: true }).waitFor();
  });
  await browser.close();
  await server.stop();
});
