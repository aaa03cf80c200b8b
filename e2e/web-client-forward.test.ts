import { createGroup, sendText } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findings } from './axe.testing.ts';
import { bubbles, openChatOnPage, signInOnPage, twoPeople } from './chat-page.testing.ts';
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

test('a message goes to several chats, with a comment, and says whose words those are', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  await createGroup(server, anna, [boris]);
  await sendText(server, boris, chatId, 'the gate is open');
  const [hers, his] = [await openTab(server.url), await openTab(server.url)];
  await signInOnPage(hers.page, anna);
  await signInOnPage(his.page, boris);
  await openChatOnPage(hers.page, boris.username);
  await openChatOnPage(his.page, 'A group');
  await bubbles(hers.page, 'the gate is open').click({ button: 'right' });
  await hers.page.getByRole('menuitem', { name: 'Forward' }).click();
  const dialog = hers.page.getByRole('dialog', { name: 'Forward to' });
  const send = dialog.getByRole('button', { name: /^Forward/ });
  expect(await send.isDisabled()).toBe(true);
  expect(await send.textContent()).toBe('Forward');
  await dialog.getByRole('searchbox', { name: 'Find a chat' }).and(hers.page.locator(':focus')).waitFor();
  await dialog.getByRole('button', { name: boris.username }).click();
  // Enter in the search chooses what fits best.
  await dialog.getByRole('searchbox', { name: 'Find a chat' }).fill('a gr');
  await dialog.getByRole('button', { name: boris.username }).waitFor({ state: 'detached' });
  await dialog.getByRole('searchbox', { name: 'Find a chat' }).press('Enter');
  await dialog.getByRole('button', { name: 'A group', pressed: true }).waitFor();
  expect(await findings(hers.page)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Add a comment' }).fill('good news');
  await dialog.getByRole('button', { name: 'Forward to 2 chats' }).click();
  await hers.page.getByText('Forwarded to 2 chats.').waitFor();
  await bubbles(hers.page, `Forwarded from ${boris.username}`).getByText('the gate is open').waitFor();
  await bubbles(his.page, `Forwarded from ${boris.username}`).getByText('the gate is open').waitFor();
  const shown = await his.page.getByRole('article').allInnerTexts();
  expect(shown.findIndex((text) => text.includes('good news'))).toBeLessThan(
    shown.findIndex((text) => text.includes('the gate is open')),
  );

  // It is hers to delete and not to edit: those are his words.
  await bubbles(hers.page, 'Forwarded from').click({ button: 'right' });
  await hers.page.getByRole('menuitem', { name: 'Delete' }).waitFor();
  expect(await hers.page.getByRole('menuitem', { name: 'Edit' }).count()).toBe(0);
  expect([...hers.complaints, ...his.complaints]).toEqual([]);
});

test('F forwards the message in the focus; what fails is told, and asked for again it is sent once', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  const group = await createGroup(server, anna);
  await sendText(server, boris, chatId, 'his words');
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await bubbles(page, 'his words').waitFor();
  await page.getByRole('region', { name: 'Messages', exact: true }).focus();
  await page.keyboard.press('ArrowUp');
  await page.locator('article:focus').press('f');
  const dialog = page.getByRole('dialog', { name: 'Forward to' });
  await dialog.getByRole('button', { name: 'A group' }).click();
  // It is sent, and the answer is lost.
  await page.route('**/messages/forward', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
  const notices = page.getByRole('region', { name: 'Notices' });
  await notices.getByText('The message was not forwarded.').waitFor();
  await page.unroute('**/messages/forward');
  await notices.getByRole('button', { name: 'Try again' }).click();
  await notices.getByText('Forwarded.', { exact: true }).waitFor();
  await page.goto(`${server.url}/c/${group.id}`);
  await bubbles(page, 'his words').waitFor();
  expect(await bubbles(page, 'his words').count()).toBe(1);
});
