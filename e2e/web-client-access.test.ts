import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, sendText } from '../packages/server/testing/api-client.ts';
import { createTestClock, startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { findings } from './axe.testing.ts';
import { openChatOnPage, signInOnPage, twoPeople, writeOnPage } from './chat-page.testing.ts';
import { plantGarden, type Garden } from './garden.testing.ts';
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
  const { body } = await ask(server, 'GET', '/chats/', { token: garden.anna.token });
  // The first of them are muted, pinned, or both.
  for (const [index, { id }] of Object(body).chats.slice(0, 3).entries()) {
    const json = { muted: index < 2, pinned: index > 0 };
    await ask(server, 'PATCH', `/chats/${id}/settings`, { token: garden.anna.token, json });
  }
});
afterAll(async () => {
  await server.stop();
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong on the main screens, %s', async (colorScheme) => {
  const { page, complaints } = await openTab(server.url, { colorScheme, reducedMotion: 'reduce' });
  await page.getByLabel('Username').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('E-mail').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'I have an account' }).click();

  await signInOnPage(page, garden.anna);
  await page.getByText('Книжный клуб').waitFor();
  expect(await findings(page)).toEqual([]);
  await openChatOnPage(page, 'Садовый совет');
  await page.getByText('Скажи, если что-то').last().waitFor();
  expect(await findings(page)).toEqual([]);

  await page.getByRole('button', { name: 'Chat actions' }).click();
  await page.getByRole('menuitem', { name: 'Mark as unread' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('article').last().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'You and settings' }).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New chat' }).first().click();
  await page.getByRole('searchbox').fill('o');
  await page.getByRole('dialog').getByText('Oleg').waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Книжный клуб' }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+,');
  await page.getByRole('button', { name: 'Sign out', exact: true }).waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('alertdialog').waitFor();
  expect(await findings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong where one writes, %s', async (colorScheme) => {
  const { page } = await openTab(server.url, { colorScheme, reducedMotion: 'reduce' });
  await signInOnPage(page, garden.anna);
  await openChatOnPage(page, 'Садовый совет');
  const field = page.getByRole('textbox', { name: /^Message / });
  for (const begun of ['@', ':hea']) {
    await field.fill('');
    await field.pressSequentially(begun);
    await page.getByRole('option').first().waitFor();
    expect(await findings(page)).toEqual([]);
  }
  await field.fill('');
  await page.getByRole('button', { name: 'Emoji', exact: true }).click();
  const picker = page.getByRole('dialog', { name: 'Emoji' });
  await picker.getByRole('gridcell').first().waitFor();
  expect(await findings(page)).toEqual([]);
  await picker.getByRole('combobox').fill('no such');
  await picker.getByText('No emoji is called that.').waitFor();
  await picker.getByRole('button', { name: /^Skin tone/ }).click();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await picker.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: '@anna' }).click();
  await page.getByRole('dialog', { name: 'Анна' }).waitFor();
  expect(await findings(page)).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'axe finds nothing wrong in a group’s panel and notices, %s',
  async (colorScheme) => {
    const { page } = await openTab(server.url, { colorScheme, reducedMotion: 'reduce' });
    await signInOnPage(page, garden.anna);
    await openChatOnPage(page, 'Садовый совет');
    const message = page.getByRole('article').filter({ hasText: 'Great, that covers' });
    await message.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Read by' }).click();
    await page.getByRole('dialog').locator('time').first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    const panel = page.getByRole('complementary', { name: 'Details' });
    await panel.getByRole('button', { name: 'Actions for Oleg' }).click();
    await page.getByRole('menuitem', { name: 'Hand the group over' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Remove from the group' }).click();
    await page.getByRole('alertdialog').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    for (const action of ['Rename', 'Add people']) {
      await panel.getByRole('button', { name: action }).click();
      await page.getByRole('dialog').waitFor();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
    await page.getByRole('link', { name: 'Книжный клуб' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Mark as unread' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await message.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const undo = page.getByRole('button', { name: 'Undo' });
    await undo.hover();
    expect(await findings(page)).toEqual([]);
    await undo.click();
    await message.waitFor();

    // The headless browser refuses notifications, and so there would be none to offer.
    await page.addInitScript(`Object.defineProperty(Notification, 'permission', { get: () => 'default' })`);
    await page.reload();
    await openChatOnPage(page, 'Книжный клуб');
    await writeOnPage(page, 'в среду');
    await page.getByRole('button', { name: 'Turn on' }).waitFor();
    expect(await findings(page)).toEqual([]);
  },
);

test.each(['light', 'dark'] as const)('axe finds nothing wrong in what messages look like, %s', async (colorScheme) => {
  const { anna, boris, chatId } = await twoPeople(server);
  const code = ['```diff', '@@ -1 +1 @@', '-const dry = 1', '+const dry = 2 // so', '```'].join('\n');
  const texts = ['שלום לכולם\n\n- ראשון', 'It was ||the **gardener** 🌱||', code, '👍🏽 ❤️', 'line\n'.repeat(60)];
  for (const text of texts) {
    await sendText(server, boris, chatId, text);
    await sendText(server, anna, chatId, text);
  }
  const { page, complaints } = await openTab(server.url, {
    colorScheme,
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 2400 },
  });
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await page.locator('pre span').first().waitFor();
  await page.getByRole('button', { name: 'Show more' }).first().waitFor();
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: 'Spoiler, press to show' }).first().click();
  await page.getByRole('button', { name: 'Show more' }).last().click();
  await page.locator('pre').first().hover();
  expect(await findings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('everything that matters is done by the keyboard: sign in, open a chat, write, reply', async () => {
  const { page } = await openTab(server.url);
  await page.getByLabel('Username').waitFor();
  await page.keyboard.type(garden.mira.username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(garden.mira.password);
  await page.keyboard.press('Enter');
  const chat = page.getByRole('link', { name: 'Садовый совет' });
  await chat.waitFor();
  for (let presses = 0; presses < 20; presses += 1) {
    if ((await chat.getAttribute('href')) === (await page.evaluate('document.activeElement.getAttribute("href")')))
      break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: /^Message / }).waitFor();
  await page.keyboard.type('by hand');
  await page.keyboard.press('Enter');
  const written = page.getByRole('article').filter({ hasText: 'by hand' });
  await written.waitFor();
  expect(await written.count()).toBe(1);
});
