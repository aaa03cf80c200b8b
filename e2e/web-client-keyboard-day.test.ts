import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGroup, sendText, signIn, signUp, type Person } from '../packages/server/testing/api-client.ts';
import { createTestClock, startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles } from './chat-page.testing.ts';
import { expectFocusOn, expectFocusSeen, goTo } from './focus.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();
const DAY = 86_400;
const DESKTOP = { viewport: { width: 1440, height: 900 } };

const clock = createTestClock(new Date(Date.now() - 3 * DAY * 1000));
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 30 * DAY }, { clock }, WEB_FOLDER);
});
afterAll(async () => {
  await server.stop();
});

const fieldOf = (page: Page) => page.getByRole('textbox', { name: /^Message / });
const item = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true });

/** Presses keys, one after the other; after each the focus is somewhere, and to be seen. */
async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    await expectFocusSeen(page);
  }
}

async function say(page: Page, text: string): Promise<void> {
  await expectFocusOn(fieldOf(page));
  await page.keyboard.type(text);
  await press(page, 'Enter');
  await expectFocusOn(fieldOf(page));
}

/** Takes a choice of the menu that is open. */
async function choose(page: Page, name: string): Promise<void> {
  await item(page, name).waitFor();
  await goTo(item(page, name), 'ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
}

/** Takes a choice of the menu of the newest message. */
async function chooseForLast(page: Page, text: string, name: string): Promise<void> {
  await page.locator('article').last().waitFor();
  await goTo(page.getByRole('region', { name: 'Messages' }), 'Shift+Tab');
  await press(page, 'ArrowUp');
  await expectFocusOn(bubbles(page, text));
  await press(page, 'Enter');
  await choose(page, name);
}

async function throughSwitcher(page: Page, query: string, first: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expectFocusOn(page.getByRole('combobox', { name: 'Go to' }));
  await page.keyboard.type(query);
  await page.getByRole('option', { selected: true }).filter({ hasText: first }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Go to' }).waitFor({ state: 'hidden' });
}

test('one registers, finds someone, writes, and does to messages all that can be done', async () => {
  const boris = await signUp(server, 'boris');
  const { page, complaints } = await openTab(server.url, DESKTOP);
  await page.getByLabel('Username').waitFor();
  await goTo(page.getByRole('button', { name: 'Create an account' }));
  await page.keyboard.press('Enter');
  await page.getByLabel('E-mail').waitFor();
  await expectFocusOn(page.getByLabel('Username'));
  await page.keyboard.type('anna');
  for (const text of ['anna@example.com', 'password123']) {
    await press(page, 'Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await page.getByText('No chats yet.').waitFor();

  await goTo(page.getByRole('button', { name: 'New chat' }).first());
  await page.keyboard.press('Enter');
  await expectFocusOn(page.getByRole('searchbox', { name: 'Find people' }));
  await page.keyboard.type('bor');
  await goTo(page.getByRole('button', { name: boris.username }));
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });

  await say(page, 'Hello');
  await page.keyboard.type(`Are you there, @bo`);
  await page.getByRole('option').first().waitFor();
  await press(page, 'Tab');
  expect(await fieldOf(page).inputValue()).toBe(`Are you there, @${boris.username} `);
  await page.keyboard.type(':tad');
  await page.getByRole('option', { name: 'party popper' }).waitFor();
  await press(page, 'Enter');
  await goTo(page.getByRole('button', { name: 'Emoji', exact: true }));
  await page.keyboard.press('Enter');
  await expectFocusOn(page.getByRole('combobox', { name: 'Search emoji' }));
  await page.keyboard.type('rocket');
  await page.getByRole('gridcell', { name: 'rocket', selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await say(page, '!');
  await bubbles(page, `Are you there, @${boris.username}`).filter({ hasText: '🚀!' }).waitFor();

  const chatId = Number(new URL(page.url()).pathname.split('/')[2]);
  await sendText(server, boris, chatId, 'Shall we plant the basil?');
  await bubbles(page, 'basil').waitFor();
  await chooseForLast(page, 'basil', 'React with 👍');
  await bubbles(page, 'basil').getByRole('button', { name: '👍, 1 person' }).waitFor();
  await expectFocusOn(bubbles(page, 'basil'));
  await press(page, 'r');
  await page.getByText('Reply to').waitFor();
  await say(page, 'Yes, todya');
  await bubbles(page, 'todya').getByRole('img', { name: 'Sent' }).waitFor();

  await press(page, 'ArrowUp');
  await page.getByText('Editing').waitFor();
  await expectFocusOn(fieldOf(page));
  for (let letters = 0; letters < 3; letters += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('day');
  await press(page, 'Enter');
  await bubbles(page, 'Yes, today').getByText('edited').waitFor();
  await expectFocusOn(fieldOf(page));

  await chooseForLast(page, 'Yes, today', 'Delete');
  await bubbles(page, 'Message deleted').waitFor();
  await expectFocusSeen(page);
  await goTo(page.getByRole('button', { name: 'Undo' }));
  await page.keyboard.press('Enter');
  await bubbles(page, 'Yes, today').waitFor();
  await expectFocusOn(fieldOf(page));

  await chooseForLast(page, 'Yes, today', 'Read by');
  await page.getByRole('dialog').waitFor();
  await expectFocusSeen(page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await expectFocusSeen(page);
  expect(complaints).toEqual([]);
});

/** Anna, in a chat with Boris of several days, and in nothing else. */
async function ofSeveralDays(): Promise<{ page: Page; anna: Person; boris: Person; complaints: string[] }> {
  const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
  const group = await createGroup(server, boris, [anna]);
  for (const text of ['long ago', 'a needle', 'lately']) {
    await sendText(server, anna, group.id, text);
    clock.advance(DAY / 2);
  }
  // The sessions of the test's own people would have ended by now, by the server's clock.
  boris.token = (await signIn(server, boris.username, boris.password)).access_token;
  const { page, complaints } = await openTab(server.url, DESKTOP);
  await page.getByLabel('Username').waitFor();
  await page.keyboard.type(anna.username);
  await press(page, 'Tab');
  await page.keyboard.type(anna.password);
  await page.keyboard.press('Enter');
  await goTo(page.getByRole('link', { name: 'A group' }));
  await page.keyboard.press('Enter');
  await expectFocusOn(fieldOf(page));
  return { page, anna, boris, complaints };
}

test('one searches, goes to a day, and sets the page as one likes it', async () => {
  const { page, complaints } = await ofSeveralDays();
  await page.keyboard.press('Control+f');
  await expectFocusOn(page.getByRole('searchbox', { name: 'Search in this chat' }));
  await page.keyboard.type('needle');
  await page.locator('article[data-lit]').filter({ hasText: 'a needle' }).waitFor();
  await press(page, 'Enter', 'Escape');
  await expectFocusOn(fieldOf(page));

  const separator = page.getByTitle('Jump to a date').last();
  await goTo(separator, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('grid').waitFor();
  await press(page, 'ArrowLeft', 'ArrowRight', 'Escape');
  await page.getByRole('grid').waitFor({ state: 'hidden' });
  await expectFocusOn(separator);

  await page.keyboard.press('Control+,');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.waitFor();
  await expectFocusSeen(page);
  await goTo(settings.getByRole('radio', { name: 'System' }));
  await press(page, 'ArrowRight', 'ArrowRight');
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  await goTo(settings.getByRole('radio', { name: 'Normal' }));
  await press(page, 'ArrowRight');
  expect(await settings.getByRole('radio', { name: 'Large', exact: true }).isChecked()).toBe(true);
  await goTo(settings.getByRole('switch', { name: 'Sound' }));
  await press(page, 'Space');
  expect(await settings.getByRole('switch', { name: 'Sound' }).isChecked()).toBe(true);
  await goTo(settings.getByRole('button', { name: 'Sign out everywhere' }));
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').waitFor();
  await expectFocusSeen(page);
  await page.keyboard.press('Escape');
  await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
  await expectFocusOn(settings.getByRole('button', { name: 'Sign out everywhere' }));
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'hidden' });
  await expectFocusOn(separator);
  await throughSwitcher(page, 'light', 'Theme: Light');
  expect(await page.getAttribute('html', 'data-theme')).toBe('light');
  await expectFocusSeen(page);
  expect(complaints).toEqual([]);
});

test('one makes a group, names it anew, pins, mutes and leaves one, and signs out', async () => {
  const { page, boris, complaints } = await ofSeveralDays();
  await throughSwitcher(page, 'new gr', 'New group');
  await expectFocusOn(page.getByLabel('Group name'));
  await page.keyboard.type('Gardeners');
  await goTo(page.getByRole('searchbox', { name: 'Find people' }));
  await page.keyboard.type(boris.username);
  await goTo(page.getByRole('button', { name: boris.username }));
  await press(page, 'Enter');
  await goTo(page.getByRole('button', { name: 'Create group' }));
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await say(page, 'Welcome');

  const panel = page.getByRole('complementary', { name: 'Details' });
  await goTo(panel.getByRole('button', { name: 'Rename' }));
  await page.keyboard.press('Enter');
  await expectFocusOn(page.getByRole('dialog').getByLabel('Group name'));
  await press(page, 'Control+a');
  await page.keyboard.type('Garden council');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await panel.getByRole('heading', { name: 'Garden council' }).waitFor();
  await expectFocusOn(panel.getByRole('button', { name: 'Rename' }));
  await goTo(panel.getByRole('switch', { name: 'Pinned' }));
  await press(page, 'Space');
  await panel.getByRole('switch', { name: 'Pinned', checked: true }).waitFor();
  await goTo(panel.getByRole('button', { name: `Actions for ${boris.username}` }));
  await page.keyboard.press('Enter');
  await choose(page, 'Remove from the group');
  await page.getByRole('alertdialog').waitFor();
  await expectFocusSeen(page);
  await goTo(page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }));
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
  await expect.poll(async () => panel.getByText(boris.username).count()).toBe(0);
  await expectFocusSeen(page);

  await page.keyboard.press('Alt+ArrowDown');
  await page.getByRole('heading', { name: 'A group', level: 2 }).first().waitFor();
  await expectFocusOn(fieldOf(page));
  await goTo(page.getByRole('button', { name: 'Chat actions' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await choose(page, 'Mute');
  await expectFocusOn(page.getByRole('button', { name: 'Chat actions' }));
  await goTo(panel.getByRole('button', { name: 'Leave group' }));
  await page.keyboard.press('Enter');
  await goTo(page.getByRole('alertdialog').getByRole('button', { name: 'Leave group' }));
  await page.keyboard.press('Enter');
  await page.getByText('You left “A group”.').waitFor();
  await expectFocusSeen(page);

  await goTo(page.getByRole('button', { name: 'You and settings' }));
  await page.keyboard.press('Enter');
  await item(page, 'Sign out').waitFor();
  await goTo(item(page, 'Sign out'), 'ArrowDown');
  await page.keyboard.press('Enter');
  await expectFocusOn(page.getByLabel('Username'));
  expect(complaints).toEqual([]);
});
