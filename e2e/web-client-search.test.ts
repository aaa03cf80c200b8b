import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, sendText } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, signInOnPage, twoPeople } from './chat-page.testing.ts';
import { findings } from './axe.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({}, {}, WEB_FOLDER);
});
afterAll(async () => server.stop());

/** A long chat with a group beside it; what is looked for is far back, and held by no page. */
async function scene() {
  const { anna, boris, chatId } = await twoPeople(server);
  await sendText(server, boris, chatId, 'Новая книга лежит у ворот');
  for (let index = 2; index <= 260; index += 1) await sendText(server, boris, chatId, `line ${index}`);
  const { id } = await createGroup(server, anna, [boris]);
  await ask(server, 'PATCH', `/groups/${id}`, { token: anna.token, json: { name: 'The library' } });
  await sendText(server, boris, id, 'книги никто не видел, см. https://library.example');
  return { anna, boris };
}

describe('searching all messages', () => {
  test('from the keys: any form of a word is found in any chat, marked, and Enter leads there', async () => {
    const { anna, boris } = await scene();
    const { page, complaints } = await openTab(server.url);
    await signInOnPage(page, anna);
    await page.keyboard.press('Control+Shift+f');
    const field = page.getByRole('combobox', { name: 'Search all messages' });
    await field.fill('книгами');
    const found = page.getByRole('option');
    await expect.poll(() => found.count()).toBe(2);
    expect(await found.locator('mark').allTextContents()).toEqual(expect.arrayContaining(['книга', 'книги']));
    await page.getByRole('status').filter({ hasText: '2 messages' }).waitFor();
    expect(await findings(page)).toEqual([]);

    await field.fill('книгами has:link');
    await expect.poll(() => found.count()).toBe(1);
    await found.filter({ hasText: 'The library' }).waitFor();
    await field.fill(`книгами from:${boris.username} in:${boris.username}`);
    await found.filter({ hasText: 'Новая' }).waitFor();
    await field.press('Enter');
    await bubbles(page, 'Новая книга').and(page.locator('[data-lit]')).waitFor();
    expect(complaints).toEqual([]);
  });

  test('from the switcher; a slip of the finger, a wrong filter and nothing at all are told', async () => {
    const { anna } = await scene();
    const { page, complaints } = await openTab(server.url);
    await signInOnPage(page, anna);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('combobox', { name: 'Go to' }).fill('кнгига');
    await page.getByRole('option', { name: 'Search all messages for “кнгига”' }).click();
    await page.getByRole('status').filter({ hasText: 'These are nearly it' }).waitFor();
    await expect.poll(() => page.getByRole('option').count()).toBe(2);
    const field = page.getByRole('combobox', { name: 'Search all messages' });
    await field.fill('from:nobody-at-all');
    await page.getByRole('status').filter({ hasText: '“from:nobody-at-all” means nothing here' }).waitFor();
    await field.fill('xylophone');
    await page.getByRole('status').filter({ hasText: 'No message fits “xylophone”.' }).waitFor();
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    // The browser tells of the refusal too.
    expect(complaints).toEqual([expect.stringContaining('422')]);
  });
});
