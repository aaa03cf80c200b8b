import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, signUp } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, openChatOnPage, signInOnPage, twoPeople, writeOnPage } from './chat-page.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({}, undefined, WEB_FOLDER);
});
afterAll(async () => {
  await server.stop();
});

function settings(page: Page) {
  return page.getByRole('dialog', { name: 'Settings' });
}

async function openSettings(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'You and settings' }).click();
  await page.getByRole('menuitem', { name: 'Settings' }).click();
  await settings(page).waitFor();
}

async function closeSettings(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await settings(page).waitFor({ state: 'hidden' });
}

test('the settings open from the menu, the switcher and by their key', async () => {
  const { page, complaints } = await openTab(server.url);
  await signInOnPage(page, await signUp(server, 'anna'));
  await openSettings(page);
  await closeSettings(page);
  await page.keyboard.press('Control+,');
  await settings(page).waitFor();
  await closeSettings(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).fill('sett');
  await page.getByRole('option', { name: 'Settings', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await settings(page).waitFor();
  expect(complaints).toEqual([]);
});

test('theme, text size and language count at once, also in other tabs, and after a reload', async () => {
  const { page } = await openTab(server.url, { colorScheme: 'light' });
  await signInOnPage(page, await signUp(server, 'anna'));
  const other = await page.context().newPage();
  await other.goto(server.url);
  await other.getByRole('navigation', { name: 'Chats' }).waitFor();
  const surroundings = async (): Promise<(string | null)[]> =>
    Promise.all(
      (await page.locator('meta[name="theme-color"]').all()).map(async (meta) => meta.getAttribute('content')),
    );
  const before = await surroundings();
  const name = page.getByRole('heading', { name: 'Beseda' });
  const small = (await name.boundingBox())?.height ?? 0;

  await openSettings(page);
  await settings(page).getByRole('radio', { name: 'Dark' }).check();
  await settings(page).getByRole('radio', { name: 'Largest' }).check();
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  // Both, whatever the system has.
  const [light, dark] = await surroundings();
  expect(light).toBe(dark);
  expect(before).not.toContain(light);
  await settings(page).getByRole('radio', { name: 'Русский' }).check();
  await page.getByRole('dialog', { name: 'Настройки' }).waitFor();
  await page.keyboard.press('Escape');
  expect(((await name.boundingBox())?.height ?? 0) / small).toBeCloseTo(1.25, 1);

  await other.getByRole('navigation', { name: 'Чаты' }).waitFor();
  expect(await other.getAttribute('html', 'data-theme')).toBe('dark');
  await page.reload();
  await page.getByRole('navigation', { name: 'Чаты' }).waitFor();
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
});

test('Enter sends or breaks the line, as one likes; Ctrl Enter sends and Shift Enter breaks in any case', async () => {
  const { anna, boris } = await twoPeople(server);
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  const field = page.getByRole('textbox', { name: /^Message / });
  await field.fill('one');
  await field.press('Shift+Enter');
  await field.pressSequentially('two');
  await field.press('Enter');
  await bubbles(page, /one\s*two/).waitFor();

  await openSettings(page);
  await settings(page).getByRole('radio', { name: 'New line' }).check();
  await settings(page).getByText('Ctrl Enter sends.').waitFor();
  await closeSettings(page);
  await field.fill('three');
  await field.press('Enter');
  await field.pressSequentially('four');
  await field.press('Shift+Enter');
  await field.pressSequentially('five');
  expect(await field.inputValue()).toBe('three\nfour\nfive');
  await field.press('Control+Enter');
  await bubbles(page, /three\s*four\s*five/).waitFor();
  expect(await page.getByRole('article').count()).toBe(2);
});

test('who does not want to be seen online is not', async () => {
  const { anna, boris } = await twoPeople(server);
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  const seenByBoris = async (): Promise<unknown> =>
    (await ask(server, 'GET', `/users/${anna.id}`, { token: boris.token })).body;
  await expect.poll(seenByBoris).toMatchObject({ online: true });
  await openSettings(page);
  const seen = settings(page).getByRole('switch', { name: 'Show when I am online' });
  await expect.poll(async () => seen.isChecked()).toBe(true);
  await seen.uncheck();
  await expect.poll(seenByBoris).toMatchObject({ online: false, last_seen_at: null });
  await closeSettings(page);
  await page.reload();
  await openSettings(page);
  await expect.poll(async () => seen.isEnabled()).toBe(true);
  expect(await seen.isChecked()).toBe(false);
});

test('one device is signed out from another', async () => {
  const anna = await signUp(server, 'anna');
  const phone = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
  const [here, there] = [await openTab(server.url), await openTab(server.url, phone)];
  await signInOnPage(here.page, anna);
  await signInOnPage(there.page, anna);
  await openSettings(here.page);
  const rows = settings(here.page).getByRole('listitem');
  await rows.filter({ hasText: 'This device' }).waitFor();
  await settings(here.page).getByRole('button', { name: 'Sign out: Firefox, Linux' }).click();
  await there.page.getByText('Your session has ended.').waitFor();
  await rows.filter({ hasText: 'Firefox, Linux' }).waitFor({ state: 'hidden' });
  expect(await rows.filter({ hasText: 'This device' }).count()).toBe(1);
});

test('signing out everywhere ends all sessions and leaves nothing here', async () => {
  const { anna, boris } = await twoPeople(server);
  const [here, there] = [await openTab(server.url), await openTab(server.url)];
  await signInOnPage(here.page, anna);
  await signInOnPage(there.page, anna);
  await openChatOnPage(here.page, boris.username);
  await writeOnPage(here.page, 'a secret');
  await bubbles(here.page, 'a secret').getByRole('img', { name: 'Sent' }).waitFor();

  await openSettings(here.page);
  await settings(here.page).getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await here.page.getByRole('alertdialog').waitFor({ state: 'hidden' });
  await settings(here.page).getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.page.getByRole('alertdialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.page.getByLabel('Username').waitFor();
  await there.page.getByText('Your session has ended.').waitFor();
  await expect.poll(async () => here.page.context().cookies()).toEqual([]);
  expect(await here.page.evaluate('Object.keys(localStorage)')).toEqual([]);
  await there.page.reload();
  await there.page.getByLabel('Username').waitFor();
  for (const { page } of [here, there]) {
    const kept = page.evaluate(`new Promise((resolve) => {
      indexedDB.open('beseda').onsuccess = ({ target: { result } }) => {
        const stored = result.transaction('chats').objectStore('chats').getAll();
        stored.onsuccess = () => resolve(JSON.stringify(stored.result));
      };
    })`);
    expect(await kept).toBe('[]');
  }
});
