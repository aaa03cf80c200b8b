import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGroup, openChat, sendText, signUp, type Person } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { openChatOnPage, signInOnPage } from './chat-page.testing.ts';
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

/** Anna, with an unread message of Boris's, and after it two more of somebody else in a group. */
async function scene(): Promise<{ anna: Person; boris: Person }> {
  const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
  const vera = await signUp(server, 'vera');
  await sendText(server, boris, (await openChat(server, anna, boris)).id, 'Said first');
  server.clock.advance(60);
  const group = await createGroup(server, vera, [anna]);
  for (const text of ['one', 'two']) await sendText(server, vera, group.id, text);
  return { anna, boris };
}

const rows = (page: Page) => page.getByRole('navigation', { name: 'Chats' }).getByRole('listitem');
const rowOf = (page: Page, name: string) => page.getByRole('link', { name });
const first = (page: Page, name: string) => rows(page).first().filter({ hasText: name }).waitFor();
const choose = async (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true }).click();

test('what is pinned and muted on one device is so on the other', async () => {
  const { anna, boris } = await scene();
  const [here, there] = [await openTab(server.url), await openTab(server.url)];
  for (const { page } of [here, there]) {
    await signInOnPage(page, anna);
    await first(page, 'A group');
    await expect.poll(() => page.title()).toBe('(3) Beseda');
  }
  await rowOf(here.page, boris.username).click({ button: 'right' });
  await choose(here.page, 'Pin');
  for (const { page } of [here, there]) {
    await first(page, boris.username);
    await rowOf(page, boris.username).getByText('Pinned').waitFor();
  }
  await rowOf(there.page, 'A group').click({ button: 'right' });
  await choose(there.page, 'Mute');
  for (const { page } of [here, there]) {
    await rowOf(page, 'A group').getByText('Muted').waitFor();
    await rowOf(page, 'A group').getByText('2 unread messages').waitFor();
    await expect.poll(() => page.title()).toBe('(1) Beseda');
  }
  await there.page.reload();
  await rowOf(there.page, 'A group').getByText('Muted').waitFor();
  await first(there.page, boris.username);

  await rowOf(there.page, boris.username).click({ button: 'right' });
  await choose(there.page, 'Unpin');
  await rowOf(there.page, 'A group').click({ button: 'right' });
  await choose(there.page, 'Unmute');
  for (const { page } of [here, there]) {
    await first(page, 'A group');
    await expect.poll(() => page.getByText(/^(Pinned|Muted)$/).count()).toBe(0);
    await expect.poll(() => page.title()).toBe('(3) Beseda');
  }
  expect([...here.complaints, ...there.complaints]).toEqual([]);
});

test('the details have a switch for each, which shows what was chosen elsewhere', async () => {
  const { anna, boris } = await scene();
  const { page, complaints } = await openTab(server.url, { viewport: { width: 1440, height: 900 } });
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  const panel = page.getByRole('complementary', { name: 'Details' });
  await panel.getByRole('switch', { name: 'Pinned', checked: false }).click();
  await panel.getByRole('switch', { name: 'Pinned', checked: true }).waitFor();
  await first(page, boris.username);
  await rowOf(page, boris.username).click({ button: 'right' });
  await choose(page, 'Mute');
  await panel.getByRole('switch', { name: 'Muted', checked: true }).press('Space');
  await panel.getByRole('switch', { name: 'Muted', checked: false }).waitFor();
  await expect.poll(() => rowOf(page, boris.username).getByText('Muted').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('by the keys alone: from the row, and from the head of the chat', async () => {
  const { anna, boris } = await scene();
  const { page, complaints } = await openTab(server.url);
  await signInOnPage(page, anna);
  const row = rowOf(page, boris.username);
  await row.focus();
  for (const [choice, top] of [
    ['Pin', boris.username],
    ['Unpin', 'A group'],
  ] as const) {
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: choice, exact: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await first(page, top);
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await page.locator('a:focus').and(row).waitFor();
  }

  await page.keyboard.press('Enter');
  const button = page.getByRole('button', { name: 'Chat actions' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Mute' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await row.getByText('Muted').waitFor();
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await page.locator('button:focus').and(button).waitFor();
  expect(complaints).toEqual([]);
});

test('on a phone a finger that stays on a chat opens its menu; the open chat has a button for it', async () => {
  const { anna, boris } = await scene();
  const { page, complaints } = await openTab(server.url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await signInOnPage(page, anna);
  const box = await rowOf(page, boris.username).boundingBox();
  if (box === null) throw new Error('the chat is not on the screen');
  const session = await page.context().newCDPSession(page);
  const touchPoints = [{ x: box.x + 100, y: box.y + 20 }];
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  // The menu has taken the focus, and so has its place.
  await page.locator('[role=menu]:focus-within, [role=menu]:focus').waitFor();
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.getByRole('menuitem', { name: 'Pin' }).tap();
  await first(page, boris.username);

  await openChatOnPage(page, boris.username);
  await page.getByRole('button', { name: 'Chat actions' }).tap();
  await page.getByRole('menuitem', { name: 'Mark as unread' }).tap();
  await page.getByRole('button', { name: 'Back to chats' }).tap();
  await rowOf(page, boris.username).getByText('1 unread message').waitFor();
  expect(complaints).toEqual([]);
});

test('what cannot be told to the server is taken back, and one is told', async () => {
  const { anna, boris } = await scene();
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  await first(page, 'A group');
  await page.route('**/settings', async (route) => route.abort());
  await rowOf(page, boris.username).click({ button: 'right' });
  await choose(page, 'Pin');
  const notices = page.getByRole('region', { name: 'Notices' });
  await notices.getByText('The chat was not changed.').waitFor();
  await first(page, 'A group');
  await page.unroute('**/settings');
  await notices.getByRole('button', { name: 'Try again' }).click();
  await first(page, boris.username);
  expect(await rowOf(page, boris.username).getByText('Pinned').count()).toBe(1);
});
