import { sendText } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findings } from './axe.testing.ts';
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

test('what one saves stands in a chat with oneself, which is called by the language of the reader', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  await sendText(server, boris, chatId, 'worth keeping');
  const { page, complaints } = await openTab(server.url);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await bubbles(page, 'worth keeping').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Save', exact: true }).click();
  await page.getByRole('region', { name: 'Notices' }).getByText('Saved.', { exact: true }).waitFor();
  await openChatOnPage(page, 'Saved messages');
  await page.getByRole('main').getByText('Only you see this').waitFor();
  await bubbles(page, `Forwarded from ${boris.username}`).getByText('worth keeping').waitFor();
  await writeOnPage(page, 'a note of mine');
  await bubbles(page, 'a note of mine').getByRole('img', { name: 'Sent' }).waitFor();

  // What is there is saved, and nobody else reads it.
  await bubbles(page, 'a note of mine').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Forward' }).waitFor();
  for (const name of ['Save', 'Read by']) expect(await page.getByRole('menuitem', { name }).count()).toBe(0);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  expect(await findings(page)).toEqual([]);

  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).fill('saved');
  await page.getByRole('option', { name: 'Saved messages' }).waitFor();
  expect(await page.getByRole('option', { name: 'Saved messages' }).count()).toBe(1);
  await page.getByRole('combobox', { name: 'Go to' }).fill('русский');
  await page.getByRole('option', { name: /Русский/ }).click();
  await page.getByRole('heading', { name: 'Избранное', level: 2 }).first().waitFor();
  expect(complaints).toEqual([]);
});

test('it opens from the menu of oneself and from the switcher, before anything is in it', async () => {
  const { anna, boris } = await twoPeople(server);
  const [hers, his] = [await openTab(server.url), await openTab(server.url)];
  await signInOnPage(hers.page, anna);
  await hers.page.getByRole('button', { name: 'You and settings' }).click();
  await hers.page.getByRole('menuitem', { name: 'Saved messages' }).click();
  await hers.page.getByRole('heading', { name: 'Saved messages', level: 2 }).first().waitFor();

  await signInOnPage(his.page, boris);
  await his.page.getByRole('link', { name: anna.username }).waitFor();
  await his.page.keyboard.press('Control+k');
  await his.page.getByRole('combobox', { name: 'Go to' }).fill('saved');
  await his.page.getByRole('option', { name: 'Saved messages' }).click();
  await his.page.getByRole('heading', { name: 'Saved messages', level: 2 }).first().waitFor();
  expect([...hers.complaints, ...his.complaints]).toEqual([]);
});
