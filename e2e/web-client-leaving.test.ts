import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, sendText, type Person } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, openChatOnPage, signInOnPage, twoPeople, writeOnPage } from './chat-page.testing.ts';
import { keptOnDisk, settled } from './kept-data.testing.ts';
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

const fieldOf = (page: Page) => page.getByRole('textbox', { name: /^Message / });

/** Anna's page with her chat with Boris open. */
async function annasChat() {
  const { anna, boris, chatId } = await twoPeople(server);
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await fieldOf(page).waitFor();
  return { page, anna, boris, chatId };
}

/** From now on the page's database takes nothing, as where a disk is slow: until it is let go or the page is gone. */
async function holdDatabase(page: Page): Promise<void> {
  await page.evaluate(`new Promise((held) => {
    indexedDB.open('beseda').onsuccess = ({ target: { result } }) => {
      const outgoing = result.transaction('outgoing', 'readwrite').objectStore('outgoing');
      const hold = () => {
        if (globalThis.letGo !== true) outgoing.get('nothing').onsuccess = hold;
        held();
      };
      hold();
    };
  })`);
}

/** Types messages into the field and sends each, all within one turn of the page, and then does something. */
async function writeAtOnce(page: Page, texts: readonly string[], then = ''): Promise<void> {
  await page.evaluate(`(() => {
    const field = document.querySelector('main textarea');
    const { set } = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
    for (const text of ${JSON.stringify(texts)}) {
      set.call(field, text);
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    }
    ${then}
  })()`);
}

/** What the chat holds on the server, oldest first. */
async function stored(reader: Person, chatId: number): Promise<string[]> {
  const { body } = await ask(server, 'GET', `/messages/history/${chatId}?limit=100`, { token: reader.token });
  return (body as { text: string }[]).map(({ text }) => text).toReversed();
}

/** What the chat holds once the page has sent the last message; the page shows as many, and its field is empty. */
async function storedBy(page: Page, reader: Person, chatId: number, last: string): Promise<string[]> {
  await bubbles(page, last).getByRole('img', { name: 'Sent' }).waitFor();
  const texts = await stored(reader, chatId);
  expect(await page.getByRole('article').count()).toBe(texts.length);
  expect(await fieldOf(page).inputValue()).toBe('');
  return texts;
}

const TEXTS = ['one', 'two', 'three', 'four', 'five'];

describe('a page that goes while it sends: each message is stored once, in order', () => {
  test('it is loaded anew in the moment of the last Enter', async () => {
    const { page, boris, chatId } = await annasChat();
    await Promise.all([page.waitForEvent('load'), writeAtOnce(page, TEXTS, 'location.reload();')]);
    expect(await storedBy(page, boris, chatId, 'five')).toEqual(TEXTS);
  });

  test('it is loaded anew after each message', async () => {
    const { page, boris, chatId } = await annasChat();
    for (const text of TEXTS) {
      await writeOnPage(page, text);
      await page.reload();
      await fieldOf(page).waitFor();
    }
    expect(await storedBy(page, boris, chatId, 'five')).toEqual(TEXTS);
  });

  test('it is loaded anew before the database has taken any of them', async () => {
    const { page, boris, chatId } = await annasChat();
    await holdDatabase(page);
    for (const text of TEXTS) await writeOnPage(page, text);
    await fieldOf(page).fill('half a thought');
    expect(await stored(boris, chatId)).toEqual([]);
    await page.reload();
    await bubbles(page, 'five').getByRole('img', { name: 'Sent' }).waitFor();
    expect(await stored(boris, chatId)).toEqual(TEXTS);
    expect(await fieldOf(page).inputValue()).toBe('half a thought');
  });

  test('it is closed before the database has taken any of them, and there is no network', async () => {
    const { page, boris, chatId } = await annasChat();
    await settled(page);
    await page.reload();
    await fieldOf(page).waitFor();
    await keptOnDisk(page, boris.username);
    await page.context().setOffline(true);
    await holdDatabase(page);
    for (const text of TEXTS) await writeOnPage(page, text);
    await page.close();
    const next = await page.context().newPage();
    await next.goto(`${server.url}/c/${chatId}`);
    await bubbles(next, 'five').getByRole('img', { name: 'Sending' }).waitFor();
    await next.context().setOffline(false);
    await bubbles(next, 'five').getByRole('img', { name: 'Sent' }).waitFor({ timeout: 40_000 });
    expect(await stored(boris, chatId)).toEqual(TEXTS);
  });

  test('it is closed in the moment of the last Enter, and another tab sends what it had not', async () => {
    const { page, boris, chatId } = await annasChat();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await fieldOf(other).waitFor();
    await writeAtOnce(page, TEXTS);
    await page.close();
    expect(await storedBy(other, boris, chatId, 'five')).toEqual(TEXTS);
  });

  test('a message that is changed as the page goes is changed', async () => {
    const { page, anna, boris, chatId } = await annasChat();
    await sendText(server, anna, chatId, 'today');
    await bubbles(page, 'today').waitFor();
    await fieldOf(page).press('ArrowUp');
    await page.getByText('Editing').waitFor();
    await Promise.all([page.waitForEvent('load'), writeAtOnce(page, ['tomorrow'], 'location.reload();')]);
    await bubbles(page, 'tomorrow').waitFor();
    expect(await stored(boris, chatId)).toEqual(['tomorrow']);
  });
});

describe('two tabs at one chat', () => {
  test('have one draft; what the one has sent, the other does not offer again', async () => {
    const { page, boris, chatId } = await annasChat();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await fieldOf(page).pressSequentially('half a thought');
    await expect.poll(async () => fieldOf(other).inputValue()).toBe('half a thought');
    await fieldOf(other).pressSequentially(', and the rest');
    await expect.poll(async () => fieldOf(page).inputValue()).toBe('half a thought, and the rest');
    await fieldOf(page).press('Enter');
    await expect.poll(async () => fieldOf(other).inputValue()).toBe('');
    await bubbles(other, 'and the rest').waitFor();
    expect(await stored(boris, chatId)).toEqual(['half a thought, and the rest']);
  });

  test('at two chats each keeps its own text, and what the one reads is read in the other', async () => {
    const { page, anna, boris, chatId } = await annasChat();
    const group = await createGroup(server, anna, [boris]);
    const other = await page.context().newPage();
    await other.goto(`${server.url}/c/${group.id}`);
    await fieldOf(page).fill('to Boris');
    await fieldOf(other).fill('to all');
    for (const tab of [page, other]) await tab.getByText('Draft:').first().waitFor();
    expect(await fieldOf(page).inputValue()).toBe('to Boris');
    expect(await fieldOf(other).inputValue()).toBe('to all');

    await sendText(server, boris, group.id, 'for the group');
    await bubbles(other, 'for the group').waitFor();
    for (const tab of [page, other]) {
      const row = tab.getByRole('link', { name: group.name });
      await expect.poll(async () => row.getByText(/unread/).count()).toBe(0);
    }
    await sendText(server, boris, chatId, 'for Anna');
    await bubbles(page, 'for Anna').waitFor();
    await expect.poll(async () => other.title()).toBe('Beseda');
  });
});

/** Anna's page with a draft and a message that could not leave, whose session is over. */
async function cutOff() {
  const { page, anna, boris, chatId } = await annasChat();
  await holdDatabase(page);
  await writeOnPage(page, 'has not left');
  await fieldOf(page).fill('half a thought');
  await ask(server, 'DELETE', '/auth/sessions', { token: anna.token });
  await page.getByText('Your session has ended.').waitFor({ timeout: 20_000 });
  return { page, anna, boris, chatId };
}

describe('a session that is ended elsewhere while something is unsent', () => {
  test('both are there when the same user signs in again, and what was sent is stored once', async () => {
    const { page, anna, boris, chatId } = await cutOff();
    await signInOnPage(page, anna);
    await expect.poll(async () => fieldOf(page).inputValue()).toBe('half a thought');
    await page.reload();
    await bubbles(page, 'has not left').getByRole('img', { name: 'Sent' }).waitFor();
    expect(await stored(boris, chatId)).toEqual(['has not left']);
    expect(await fieldOf(page).inputValue()).toBe('half a thought');
  });

  test('another user who signs in sees nothing of it', async () => {
    const { page, boris, chatId } = await cutOff();
    await page.evaluate('globalThis.letGo = true');
    await signInOnPage(page, boris);
    await page.goto(`${server.url}/c/${chatId}`);
    await fieldOf(page).waitFor();
    expect(await fieldOf(page).inputValue()).toBe('');
    expect(await page.getByText(/Draft:|half a thought|has not left/).count()).toBe(0);
  });

  test('signing out takes it away for good', async () => {
    const { page, anna, chatId } = await cutOff();
    await page.evaluate('globalThis.letGo = true');
    await signInOnPage(page, anna);
    await page.getByRole('button', { name: 'You and settings' }).click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.getByLabel('Username').waitFor();
    await expect.poll(async () => page.evaluate('Object.keys(localStorage)')).toEqual([]);
    await signInOnPage(page, anna);
    await page.goto(`${server.url}/c/${chatId}`);
    await fieldOf(page).waitFor();
    expect(await fieldOf(page).inputValue()).toBe('');
    expect(await page.getByText('half a thought').count()).toBe(0);
  });
});
