import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGroup, openChat, sendText, signUp } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, signInOnPage } from './chat-page.testing.ts';
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

test('the switcher leads to a chat, a message, a new person and another theme, by the keys alone', async () => {
  const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
  const zoe = await signUp(server, 'zoe');
  const chat = await openChat(server, anna, boris);
  const group = await createGroup(server, anna, [boris]);
  await sendText(server, boris, group.id, 'the hidden needle');
  for (let count = 0; count < 3; count += 1) await sendText(server, boris, chat.id, `line ${count}`);
  const { page, complaints } = await openTab(server.url);
  await signInOnPage(page, anna);
  await page.getByText('the hidden needle').waitFor();
  const field = page.getByRole('combobox', { name: 'Go to' });
  const selected = page.getByRole('option', { selected: true });
  const search = async (query: string, first: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.locator('input:focus').and(field).waitFor();
    await page.keyboard.type(query);
    await selected.filter({ hasText: first }).waitFor();
    await page.keyboard.press('Enter');
    await field.waitFor({ state: 'hidden' });
  };

  // Who does not know the keys finds the same above the list.
  const above = page.getByRole('button', { name: 'Search', exact: true });
  await above.click();
  await field.waitFor();
  await page.keyboard.press('Escape');
  await page.locator('button:focus').and(above).waitFor();

  await search('a gro', 'A group');
  await page.waitForURL(`**/c/${group.id}`);
  await search('line 1', 'line 1');
  await page.waitForURL(`**/c/${chat.id}/2`);
  await search(zoe.username, zoe.username);
  await page.getByRole('heading', { name: zoe.username, level: 2 }).first().waitFor();
  await search('dark', 'Theme: Dark');
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  await search('new gr', 'New group');
  await page.getByLabel('Group name').waitFor();
  expect(complaints).toEqual([]);
});

test('Alt with an arrow goes to the next chat, and ? tells the keys', async () => {
  const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
  const [older, newer] = [await openChat(server, anna, boris), await createGroup(server, anna, [boris])];
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  await page.getByRole('link', { name: 'A group' }).waitFor();
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForURL(`**/c/${newer.id}`);
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForURL(`**/c/${older.id}`);
  await page.keyboard.press('Alt+ArrowDown');
  await page.waitForURL(`**/c/${newer.id}`);
  await page.keyboard.press('Alt+ArrowUp');
  await page.waitForURL(`**/c/${older.id}`);

  const field = page.getByRole('textbox', { name: /^Message / });
  await field.press('?');
  expect(await field.inputValue()).toBe('?');
  await page.getByRole('region', { name: 'Messages' }).focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).getByText('Ctrl K').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('arrows go from message to message, and R, E and + act on the one in the focus', async () => {
  const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
  const chat = await openChat(server, anna, boris);
  await sendText(server, boris, chat.id, 'his words');
  await sendText(server, anna, chat.id, 'her words');
  const { page } = await openTab(`${server.url}/c/${chat.id}`);
  await signInOnPage(page, anna);
  await bubbles(page, 'her words').waitFor();
  await page.getByRole('textbox', { name: /^Message / }).waitFor();
  const focused = async (text: string): Promise<void> => {
    await page.locator('article:focus').filter({ hasText: text }).waitFor();
  };

  await page.getByRole('region', { name: 'Messages' }).focus();
  await page.keyboard.press('ArrowUp');
  await focused('her words');
  await page.keyboard.press('ArrowUp');
  await focused('his words');
  await page.keyboard.press('ArrowUp');
  await focused('his words');
  await page.keyboard.press('+');
  await page.getByRole('menuitem', { name: 'React with 👍' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await bubbles(page, 'his words').getByRole('button', { name: '👍, 1 person' }).waitFor();
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await bubbles(page, 'his words').focus();
  await page.keyboard.press('r');
  await page.getByText('Reply to').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('region', { name: 'Messages' }).focus();
  await page.keyboard.press('ArrowUp');
  await focused('her words');
  await page.keyboard.press('e');
  await page.getByText('Editing').waitFor();
  expect(await page.locator('textarea').inputValue()).toBe('her words');
});
