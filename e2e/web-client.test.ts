import { createGroup, openChat, sendText, signUp } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

describe('getting in', () => {
  test('one registers, finds someone, and the two talk live; after a reload one is still signed in', async () => {
    const boris = await signUp(server, 'boris');
    const [hers, his] = [await openTab(server.url), await openTab(server.url)];
    await signInOnPage(his.page, boris);

    await hers.page.getByRole('button', { name: 'Create an account' }).click();
    await hers.page.getByLabel('Username').fill('anna');
    await hers.page.getByLabel('E-mail').fill('anna@example.com');
    await hers.page.getByLabel('Password', { exact: true }).fill('password123');
    await hers.page.getByRole('button', { name: 'Create account' }).click();
    await hers.page.getByText('No chats yet.').waitFor();

    await hers.page.getByRole('button', { name: 'New chat' }).first().click();
    await hers.page.getByRole('searchbox', { name: 'Find people' }).fill('bor');
    await hers.page.getByRole('button', { name: boris.username }).click();
    await writeOnPage(hers.page, 'Hello, **Boris**');

    await openChatOnPage(his.page, 'anna');
    await bubbles(his.page, 'Hello, Boris').waitFor();
    expect(await his.page.locator('strong', { hasText: 'Boris' }).count()).toBe(1);
    await bubbles(hers.page, 'Hello, Boris').getByRole('img', { name: 'Read' }).waitFor();
    await writeOnPage(his.page, 'Hello, Anna');
    await bubbles(hers.page, 'Hello, Anna').waitFor();

    await hers.page.reload();
    await bubbles(hers.page, 'Hello, Anna').waitFor();
    expect(new URL(hers.page.url()).pathname).toMatch(/^\/c\/\d+$/);
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  test('what is wrong stands beside its field, in words', async () => {
    const anna = await signUp(server, 'anna');
    const { page } = await openTab(server.url);
    await page.getByLabel('Username').fill(anna.username);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The username or the password is not right.').waitFor();

    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByLabel('Username').fill(anna.username);
    await page.getByLabel('E-mail').fill('somebody@example.com');
    await page.getByLabel('Password', { exact: true }).fill('password123');
    await page.getByRole('button', { name: 'Create account' }).click();
    const field = page.getByLabel('Username');
    await page.getByText('This username is taken.').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const described = (await field.getAttribute('aria-describedby')) ?? '';
    expect(await page.locator(`[id="${described}"]`).textContent()).toBe('This username is taken.');

    // What the browser finds is told in the words of the page too.
    await page.getByLabel('E-mail').fill('anna@');
    await page.getByLabel('Password', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('This is not an e-mail address.').waitFor();
    await page.getByText('This is missing.').waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('email');
  });

  test('signing out leaves nothing in the browser, and other tabs follow', async () => {
    const anna = await signUp(server, 'anna');
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    const other = await page.context().newPage();
    await other.goto(server.url);
    await other.getByRole('navigation', { name: 'Chats' }).waitFor();
    await page.getByRole('button', { name: 'You and settings' }).click();
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    expect((await page.context().cookies()).map(({ name }) => name)).toEqual([]);
    expect(await page.evaluate('Object.keys(localStorage).join()')).toBe('');
  });

  test('no script can read the session, and a page of another origin cannot use it', async () => {
    const anna = await signUp(server, 'anna');
    const { page } = await openTab(server.url.replace('127.0.0.1', 'localhost'));
    await signInOnPage(page, anna);
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
    expect(cookie?.name).toMatch(/^__Host-beseda/);
    expect(await page.evaluate('document.cookie')).toBe('');
  });
});

describe('a conversation', () => {
  test('opens at what was not read, keeps its place while older messages come, and leads to the newest', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    for (let index = 1; index <= 130; index += 1) await sendText(server, boris, chatId, `message ${index}`);
    const { page, complaints } = await openTab(server.url);
    await signInOnPage(page, anna);
    await openChatOnPage(page, boris.username);
    await page.getByText('New messages').waitFor();
    await page.getByRole('article').getByText('message 1', { exact: true }).waitFor();
    // With the time behind it, another message may read like this one.
    const newest = page.getByRole('article').getByText('message 130', { exact: true });
    expect(await newest.count()).toBe(0);
    await page.getByRole('button', { name: /^Jump to the newest, \d+ unread$/ }).click();
    await newest.waitFor();
    await expect
      .poll(() =>
        page
          .getByRole('link', { name: boris.username })
          .getByText(/unread/)
          .count(),
      )
      .toBe(0);
    expect(complaints).toEqual([]);
  });

  test('history is read on as one scrolls up', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    for (let index = 1; index <= 120; index += 1) await sendText(server, anna, chatId, `message ${index}`);
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    await openChatOnPage(page, boris.username);
    await bubbles(page, 'message 120').waitFor();
    const log = page.getByRole('region', { name: 'Messages' });
    await log.hover();
    await expect
      .poll(
        async () => {
          await page.mouse.wheel(0, -3000);
          return page.getByText('This is where it begins.').isVisible();
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    await page.getByRole('article').getByText('message 1', { exact: true }).waitFor();
  });

  test('one answers, edits, deletes and reacts, and the other sees it', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    await sendText(server, boris, chatId, 'Shall we plant the basil?');
    const [hers, his] = [await openTab(server.url), await openTab(server.url)];
    await signInOnPage(hers.page, anna);
    await signInOnPage(his.page, boris);
    await openChatOnPage(hers.page, boris.username);
    await openChatOnPage(his.page, anna.username);

    await bubbles(hers.page, 'Shall we').click({ button: 'right' });
    await hers.page.getByRole('menuitem', { name: 'React with 👍' }).click();
    await his.page.getByRole('button', { name: '👍, 1 person' }).waitFor();

    await bubbles(hers.page, 'Shall we').click({ button: 'right' });
    await hers.page.getByRole('menuitem', { name: 'Reply' }).click();
    await writeOnPage(hers.page, 'Yes, todya');
    await bubbles(his.page, 'Yes, todya').getByText('Shall we plant').waitFor();

    await hers.page.getByRole('textbox', { name: /^Message / }).press('ArrowUp');
    await writeOnPage(hers.page, 'Yes, today');
    await bubbles(his.page, 'Yes, today').getByText('edited').waitFor();

    await bubbles(hers.page, 'Yes, today').click({ button: 'right' });
    await hers.page.getByRole('menuitem', { name: 'Delete' }).click();
    await hers.page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Close' }).click();
    await bubbles(his.page, 'Message deleted').waitFor();
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  test('a draft stays with its chat, over a reload', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    const group = await createGroup(server, anna, [boris]);
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    await openChatOnPage(page, boris.username);
    await page.getByRole('textbox', { name: /^Message / }).fill('half a thought');
    await openChatOnPage(page, group.name);
    await page.getByText('half a thought').waitFor();
    await page.reload();
    await page.goto(`${server.url}/c/${chatId}`);
    await expect.poll(() => page.getByRole('textbox', { name: /^Message / }).inputValue()).toBe('half a thought');
  });
});

describe('on a phone', () => {
  test('the list and the chat are one at a time; both ways back lead to the list', async () => {
    const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
    await openChat(server, anna, boris);
    const { page } = await openTab(server.url, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await signInOnPage(page, anna);
    const list = page.getByRole('navigation', { name: 'Chats' });
    for (const back of [() => page.goBack(), () => page.getByRole('button', { name: 'Back to chats' }).click()]) {
      await openChatOnPage(page, boris.username);
      expect(await list.isVisible()).toBe(false);
      await back();
      await list.waitFor();
      expect(new URL(page.url()).pathname).toBe('/');
    }
    // Opened by its address, there is nothing of ours to go back to, and the list all the same.
    await openChatOnPage(page, boris.username);
    await page.goto(page.url());
    await page.getByRole('button', { name: 'Back to chats' }).click();
    await list.waitFor();
  });
});
