import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { test } from 'vitest';
import { createTestClock, startTestServer } from '../packages/server/testing/test-server.ts';
import { launchBrowser } from './browser.ts';
import { openChatOnPage, signInOnPage, writeOnPage } from './chat-page.testing.ts';
import { plantGarden, type Garden } from './garden.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const FOLDER = fileURLToPath(new URL('../docs/images/', import.meta.url));

const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
const TABLET: BrowserContextOptions = { viewport: { width: 768, height: 1024 } };
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

// oxlint-disable-next-line vitest/expect-expect -- it makes pictures
test('the pictures of the main screens', async () => {
  const clock = createTestClock(new Date('2026-11-22T12:00:00'));
  const server = await startTestServer({ accessTokenLifetime: 86_400 }, { clock }, WEB_FOLDER);
  const browser = await launchBrowser();
  await mkdir(FOLDER, { recursive: true });
  const garden = await plantGarden(server);

  async function picture(
    name: string,
    options: BrowserContextOptions,
    scene: (page: Page, garden: Garden) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.clock.setFixedTime(clock.now());
    await page.goto(server.url);
    await scene(page, garden);
    await page.waitForTimeout(400);
    await page.screenshot({ path: `${FOLDER}${name}.png` });
    await context.close();
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    await picture(`sign-in-${colorScheme}`, { ...DESKTOP, colorScheme }, async (page) => {
      await page.getByLabel('Username').waitFor();
    });
    for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE, tablet: TABLET })) {
      await picture(`${device}-${colorScheme}`, { ...options, colorScheme }, async (page, { anna }) => {
        await signInOnPage(page, anna);
        await atTheTable(page);
      });
    }
    await picture(`phone-list-${colorScheme}`, { ...PHONE, colorScheme }, async (page, { anna }) => {
      await signInOnPage(page, anna);
      await page.getByText('Книжный клуб').waitFor();
    });
  }
  await picture('menu-light', DESKTOP, async (page, { anna }) => {
    await signInOnPage(page, anna);
    await atTheTable(page);
    await writeOnPage(page, 'Looking now');
    await page.getByRole('article').last().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
  });
  await picture('emoji-light', DESKTOP, async (page, { anna }) => {
    await signInOnPage(page, anna);
    await atTheTable(page);
    await page.getByRole('textbox', { name: /^Message / }).fill('On my way ');
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await page.getByRole('gridcell', { name: 'grinning face', exact: true }).waitFor();
  });
  await picture('new-group-light', { ...DESKTOP, locale: 'ru-RU' }, async (page, { anna }) => {
    await page.getByLabel('Имя пользователя').fill(anna.username);
    await page.getByLabel('Пароль', { exact: true }).fill(anna.password);
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByRole('button', { name: 'Новый чат' }).first().click();
    await page.getByRole('button', { name: 'Новая группа' }).click();
    await page.getByLabel('Название группы').fill('Соседи');
    await page.getByRole('searchbox').fill('o');
    await page.getByRole('button', { name: /Тётя/ }).click();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('searchbox').fill('м');
    await page.getByRole('button', { name: /Мира/ }).click();
  });
  await browser.close();
  await server.stop();
});
