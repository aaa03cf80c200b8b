import { ask, createGroup, sendText } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findings } from './axe.testing.ts';
import { bubbles, openChatOnPage, signInOnPage, twoPeople } from './chat-page.testing.ts';
import { expectFocusSeen } from './focus.testing.ts';
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

/** How far, in pixels, what is shown of the messages is from their end. */
const fromEnd = async (page: Page): Promise<number> =>
  page
    .getByRole('region', { name: 'Messages', exact: true })
    .evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);

test('what one pins stands above the chat for both, leads to its message, and is listed', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  for (let nth = 1; nth <= 60; nth += 1) await sendText(server, anna, chatId, `line ${nth}`);
  const [hers, his] = [await openTab(server.url), await openTab(server.url)];
  await signInOnPage(hers.page, anna);
  await signInOnPage(his.page, boris);
  await openChatOnPage(hers.page, boris.username);
  await openChatOnPage(his.page, anna.username);
  const bar = hers.page.getByRole('region', { name: 'Pinned messages' });
  expect(await bar.count()).toBe(0);

  // One far above, which neither page holds.
  await ask(server, 'PUT', `/messages/${chatId}/2/pin`, { token: boris.token });
  await bar.getByRole('button', { name: 'Pinned message line 2' }).waitFor();
  server.clock.advance(1);
  // What is pinned takes room from above: whoever is at the end stays there.
  await expect.poll(() => fromEnd(hers.page)).toBeLessThan(2);
  await bubbles(hers.page, 'line 60').click({ button: 'right' });
  await hers.page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
  await bubbles(hers.page, 'line 60').getByRole('img', { name: 'Pinned' }).waitFor();
  await his.page.getByRole('button', { name: 'Pinned message 1 of 2 line 60' }).waitFor();

  await bar.getByRole('button', { name: /^Pinned message 1 of 2/ }).click();
  await bar.getByRole('button', { name: 'Pinned message 2 of 2 line 2' }).click();
  await hers.page.getByRole('region', { name: 'Messages', exact: true }).getByText('line 2', { exact: true }).waitFor();
  await bar.getByRole('button', { name: 'Pinned message 1 of 2 line 60' }).waitFor();

  await bar.getByRole('button', { name: 'Pinned messages', exact: true }).click();
  const list = hers.page.getByRole('dialog', { name: 'Pinned messages' });
  await list
    .getByRole('button', { name: /line 60$/ })
    .first()
    .waitFor();
  expect(await findings(hers.page)).toEqual([]);
  await list.getByRole('button', { name: 'Unpin: line 2', exact: true }).press('Enter');
  await his.page.getByRole('button', { name: 'Pinned message line 60' }).waitFor();
  // What had the focus is gone each time; the keys go on nearby.
  await expectFocusSeen(hers.page);
  await list.getByRole('button', { name: 'Unpin: line 60' }).press('Enter');
  await expect.poll(() => his.page.getByRole('region', { name: 'Pinned messages' }).count()).toBe(0);
  await expect.poll(() => bar.count()).toBe(0);
  await hers.page.locator('textarea:focus').waitFor();
  expect([...hers.complaints, ...his.complaints]).toEqual([]);
});

test('P pins and unpins the message in the focus; in a group its creator alone', async () => {
  const { anna, boris } = await twoPeople(server);
  const group = await createGroup(server, anna, [boris]);
  await sendText(server, boris, group.id, 'the rules');
  const [hers, his] = [await openTab(server.url), await openTab(server.url)];
  for (const [{ page }, person] of [
    [hers, anna],
    [his, boris],
  ] as const) {
    await signInOnPage(page, person);
    await openChatOnPage(page, 'A group');
    await bubbles(page, 'the rules').waitFor();
    await page.getByRole('region', { name: 'Messages', exact: true }).focus();
    await page.keyboard.press('ArrowUp');
    await page.locator('article:focus').waitFor();
  }
  await his.page.keyboard.press('p');
  await his.page.keyboard.press('Enter');
  await his.page.getByRole('menuitem', { name: 'Reply' }).waitFor();
  expect(await his.page.getByRole('menuitem', { name: 'Pin' }).count()).toBe(0);
  await hers.page.keyboard.press('p');
  await his.page.getByRole('button', { name: 'Pinned message the rules' }).waitFor();
  await hers.page.locator('article:focus').press('p');
  await expect.poll(() => his.page.getByRole('region', { name: 'Pinned messages' }).count()).toBe(0);
  expect([...hers.complaints, ...his.complaints]).toEqual([]);
});
