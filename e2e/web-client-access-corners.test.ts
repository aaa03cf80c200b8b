import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestClock, startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { findings } from './axe.testing.ts';
import { bubbles, openChatOnPage, signInOnPage } from './chat-page.testing.ts';
import { plantGarden, type Garden } from './garden.testing.ts';
import { settled } from './kept-data.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();
const HOURS = 3600;

let server: TestServer;
let garden: Garden;

beforeAll(async () => {
  const clock = createTestClock(new Date(Date.now() - 3 * HOURS * 1000));
  server = await startTestServer({ accessTokenLifetime: 24 * HOURS }, { clock }, WEB_FOLDER);
  garden = await plantGarden(server);
});
afterAll(async () => {
  await server.stop();
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong where one searches a chat, %s', async (colorScheme) => {
  const { page, complaints } = await openTab(server.url, { colorScheme, reducedMotion: 'reduce' });
  await signInOnPage(page, garden.anna);
  await openChatOnPage(page, 'Садовый совет');
  await page.getByRole('article').last().waitFor();
  await page.keyboard.press('Control+f');
  const field = page.getByRole('searchbox', { name: 'Search in this chat' });
  await field.waitFor();
  expect(await findings(page)).toEqual([]);
  await field.fill('that');
  await page.locator('article[data-lit]').waitFor();
  expect(await findings(page)).toEqual([]);
  await field.fill('no such words');
  await page.getByText('Nothing found').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await page.getByTitle('Jump to a date').last().click();
  await page.getByRole('grid').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('grid').waitFor({ state: 'hidden' });

  const message = bubbles(page, 'Great, that covers');
  await message.focus();
  await page.keyboard.press('+');
  await page.getByRole('menuitem', { name: 'More reactions' }).click();
  await page.getByRole('dialog', { name: 'Emoji' }).getByRole('gridcell').first().waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Emoji' }).waitFor({ state: 'hidden' });
  await message.focus();
  await page.keyboard.press('r');
  await page.getByText('Reply to').waitFor();
  await page.getByRole('textbox', { name: /^Message / }).fill('half a thought');
  await openChatOnPage(page, 'Книжный клуб');
  await page.getByText('Draft:').waitFor();
  expect(await findings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong where there is nothing, %s', async (colorScheme) => {
  const { page } = await openTab(server.url, { colorScheme, reducedMotion: 'reduce' });
  await page.getByLabel('Username').fill(garden.anna.username);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The username or the password is not right.').waitFor();
  expect(await findings(page)).toEqual([]);
  await signInOnPage(page, garden.anna);
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await page.getByRole('button', { name: 'New group' }).click();
  await page.getByRole('searchbox').fill('o');
  await page.getByRole('dialog').getByRole('button', { name: 'Oleg' }).click();
  await page.getByRole('button', { name: 'Remove Oleg' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('searchbox').fill('nobody');
  await page.getByText('Nobody’s name begins with “nobody”.').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).fill('no such thing');
  await page.getByText('Nothing found for “no such thing”.').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.locator('h1').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  expect(await findings(page)).toEqual([]);

  await settled(page);
  await page.goto(`${server.url}/c/999`);
  await page.getByText('There is no such chat, or you are not in it.').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.context().setOffline(true);
  await page.reload();
  await page.getByText('No connection.').waitFor();
  expect(await findings(page)).toEqual([]);
});

test.each([
  ['a phone', { width: 320, height: 640 }],
  ['a tablet', { width: 820, height: 1180 }],
] as const)('axe finds nothing wrong on %s', async (_, viewport) => {
  const { page } = await openTab(server.url, { viewport, hasTouch: true, reducedMotion: 'reduce' });
  await signInOnPage(page, garden.anna);
  await page.getByText('Книжный клуб').waitFor();
  expect(await findings(page)).toEqual([]);
  await openChatOnPage(page, 'Садовый совет');
  await page.getByRole('article').last().waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('complementary', { name: 'Details' }).getByText('Oleg').waitFor();
  expect(await findings(page)).toEqual([]);
});
