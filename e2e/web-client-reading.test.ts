import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, sendText, type Person } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { openChatOnPage, signInOnPage, twoPeople, writeOnPage } from './chat-page.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';
import { putAway } from './windows.testing.ts';

const openTab = useBrowser();

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({}, undefined, WEB_FOLDER);
});
afterAll(async () => {
  await server.stop();
});

/** The message with exactly this text. */
function line(page: Page, text: string): Locator {
  return page.getByRole('article').filter({ has: page.getByText(text, { exact: true }) });
}

const mark = (page: Page, text: string, name: string): Locator => line(page, text).getByRole('img', { name });
const log = (page: Page): Locator => page.getByRole('region', { name: 'Messages' });
const toNewest = (page: Page): Locator => page.getByRole('button', { name: /^Jump to the newest/ });

async function sayLines(sender: Person, chatId: number, from: number, to: number): Promise<void> {
  for (let nth = from; nth <= to; nth += 1) await sendText(server, sender, chatId, `line ${nth}`);
}

async function unreadOf({ token }: Person): Promise<unknown> {
  const { body } = await ask(server, 'GET', '/chats/', { token });
  return (body as { chats: { unread_count: number }[] }).chats[0]?.unread_count;
}

/** Anna and Boris, each at a browser of their own; their chat is open before Boris alone. */
async function bothThere() {
  const { anna, boris, chatId } = await twoPeople(server);
  const [hers, his] = [(await openTab(server.url)).page, (await openTab(server.url)).page];
  await signInOnPage(his, boris);
  await openChatOnPage(his, anna.username);
  await signInOnPage(hers, anna);
  await hers.getByRole('link', { name: boris.username }).waitFor();
  return { anna, boris, chatId, hers, his };
}

describe('only what was seen is read', () => {
  test('a message that has come is delivered; it is read once its chat is open', async () => {
    const { anna, boris, hers, his } = await bothThere();
    await writeOnPage(his, 'hello');
    await mark(his, 'hello', 'Delivered').waitFor();
    expect(await unreadOf(anna)).toBe(1);
    await openChatOnPage(hers, boris.username);
    await mark(his, 'hello', 'Read').waitFor();
    expect(await unreadOf(anna)).toBe(0);
  });

  test('what lies below the fold is not, until one goes there', async () => {
    const { anna, boris, chatId, hers, his } = await bothThere();
    await sayLines(boris, chatId, 1, 60);
    await openChatOnPage(hers, boris.username);
    await line(hers, 'line 1').waitFor();
    await log(his).hover();
    await mark(his, 'line 60', 'Delivered').waitFor();
    await expect.poll(async () => unreadOf(anna)).not.toBe(60);
    // As many as fit on the screen.
    const left = Number(await unreadOf(anna));
    expect(left).toBeGreaterThan(30);
    await hers.getByRole('button', { name: `Jump to the newest, ${left} unread` }).waitFor();
    await log(hers).focus();
    for (let pages = 0; pages < 8; pages += 1) await hers.keyboard.press('PageDown');
    await hers.keyboard.press('End');
    await mark(his, 'line 60', 'Read').waitFor();
    expect(await unreadOf(anna)).toBe(0);
    await toNewest(hers).waitFor({ state: 'hidden' });
  });

  test('what comes while the window is away is not, until one is back', async () => {
    const { anna, boris, hers, his } = await bothThere();
    await openChatOnPage(hers, boris.username);
    await hers.getByText('This is where it begins.').waitFor();
    await putAway(hers, true);
    for (const text of ['one', 'two']) await writeOnPage(his, text);
    await line(hers, 'two').waitFor({ state: 'attached' });
    await mark(his, 'two', 'Delivered').waitFor();
    expect(await unreadOf(anna)).toBe(2);
    expect(await hers.title()).toBe('(2) Beseda');
    expect(await hers.getByText('New messages').count()).toBe(1);
    await putAway(hers, false);
    await mark(his, 'two', 'Read').waitFor();
    await expect.poll(async () => hers.title()).toBe('Beseda');
    // The line stays where it helps: one has only just come back.
    await hers.getByText('New messages').waitFor();
  });

  test('what comes while one reads further up is not, and takes nobody from where they are', async () => {
    const { anna, boris, chatId, hers, his } = await bothThere();
    await sayLines(boris, chatId, 1, 60);
    await openChatOnPage(hers, boris.username);
    await toNewest(hers).click();
    await mark(his, 'line 60', 'Read').waitFor();
    await log(hers).focus();
    // What is above is read as one comes near it, and only then is the top the beginning.
    await expect
      .poll(async () => {
        await hers.keyboard.press('Home');
        const begins = await hers.getByText('This is where it begins.').isVisible();
        return begins && (await log(hers).evaluate((element) => element.scrollTop));
      })
      .toBe(0);
    expect(await toNewest(hers).getAttribute('aria-label')).toBe('Jump to the newest');
    await line(hers, 'line 1').waitFor();
    const before = await line(hers, 'line 1').boundingBox();
    for (const count of [1, 2]) {
      await writeOnPage(his, `news ${count}`);
      await hers.getByRole('button', { name: `Jump to the newest, ${count} unread` }).waitFor();
    }
    await mark(his, 'news 2', 'Delivered').waitFor();
    expect(await line(hers, 'line 1').boundingBox()).toEqual(before);
    await toNewest(hers).click();
    await mark(his, 'news 2', 'Read').waitFor();
    expect(await unreadOf(anna)).toBe(0);
  });
});

describe('what is unread is told', () => {
  test('by a line before the first, a count on the way to the newest, and no count above 99', async () => {
    const { anna, boris, chatId, hers } = await bothThere();
    await sayLines(anna, chatId, 1, 3);
    await sayLines(boris, chatId, 4, 153);
    const row = hers.getByRole('link', { name: boris.username });
    await row.getByText('150 unread messages').waitFor({ state: 'attached' });
    await row.getByText('99+').waitFor();
    await expect.poll(async () => hers.title()).toMatch(/^\((?:99\+|150)\) Beseda$/);
    await openChatOnPage(hers, boris.username);
    await hers.getByText('New messages').waitFor();
    const [divider, last, first] = [
      await hers.getByText('New messages').boundingBox(),
      await line(hers, 'line 3').boundingBox(),
      await line(hers, 'line 4').boundingBox(),
    ];
    expect(last?.y).toBeLessThan(divider?.y ?? 0);
    expect(divider?.y).toBeLessThan(first?.y ?? 0);
    expect(await toNewest(hers).textContent()).toBe('99+');
    expect(await toNewest(hers).getAttribute('aria-label')).toMatch(/^Jump to the newest, 1\d\d unread$/);
    await log(hers).focus();
    await expect
      .poll(async () => {
        await hers.keyboard.press('PageDown');
        return toNewest(hers).textContent();
      })
      .toMatch(/^\d\d$/);
    await toNewest(hers).click();
    await line(hers, 'line 153').waitFor();
    await expect.poll(async () => row.getByText(/unread/).count()).toBe(0);
    await expect.poll(async () => unreadOf(anna), { timeout: 10_000 }).toBe(0);
    // Opened again it has nothing new, and begins at its end.
    await hers.reload();
    await line(hers, 'line 153').waitFor();
    expect(await hers.getByText('New messages').count()).toBe(0);
  });
});
