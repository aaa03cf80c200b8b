import { ask, createGroup, sendText, signUp } from '../packages/server/testing/api-client.ts';
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

describe('who is there', () => {
  test('one sees that the other is online, and that they type', async () => {
    const { anna, boris } = await twoPeople(server);
    const [hers, his] = [await openTab(server.url), await openTab(server.url)];
    await signInOnPage(hers.page, anna);
    await openChatOnPage(hers.page, boris.username);
    await hers.page.getByText('Personal chat').waitFor();
    await signInOnPage(his.page, boris);
    await openChatOnPage(his.page, anna.username);
    const head = hers.page.getByRole('main').locator('header');
    await head.getByText('online', { exact: true }).waitFor();
    await hers.page.getByRole('link', { name: `${boris.username} online` }).waitFor();

    await his.page.getByRole('textbox', { name: /^Message / }).pressSequentially('Hel');
    await head.getByText(`${boris.username} is typing…`).waitFor();
    await hers.page.getByRole('link', { name: boris.username }).getByText('is typing…').waitFor();
    await his.page.getByRole('textbox', { name: /^Message / }).press('Enter');
    await bubbles(hers.page, 'Hel').waitFor();
    await head.getByText('online', { exact: true }).waitFor();
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });
});

describe('what one does and may undo', () => {
  test('a deleted message is undone; closed, the notice lets it go for everyone', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    await sendText(server, anna, chatId, 'Too early');
    const [hers, his] = [await openTab(server.url), await openTab(server.url)];
    await signInOnPage(hers.page, anna);
    await signInOnPage(his.page, boris);
    await openChatOnPage(hers.page, boris.username);
    await openChatOnPage(his.page, anna.username);
    const notices = hers.page.getByRole('region', { name: 'Notices' });

    await bubbles(hers.page, 'Too early').click({ button: 'right' });
    await hers.page.getByRole('menuitem', { name: 'Delete' }).click();
    await bubbles(hers.page, 'Message deleted').waitFor();
    await notices.getByRole('button', { name: 'Undo' }).click();
    await bubbles(hers.page, 'Too early').waitFor();
    expect(await bubbles(his.page, 'Too early').count()).toBe(1);

    await bubbles(hers.page, 'Too early').click({ button: 'right' });
    await hers.page.getByRole('menuitem', { name: 'Delete' }).click();
    await notices.getByRole('button', { name: 'Close' }).click();
    await bubbles(his.page, 'Message deleted').waitFor();
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  test('what was deleted is deleted even where the page is left at once', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    await sendText(server, anna, chatId, 'Not for long');
    const [hers, his] = [await openTab(server.url), await openTab(server.url)];
    await signInOnPage(hers.page, anna);
    await signInOnPage(his.page, boris);
    await openChatOnPage(hers.page, boris.username);
    await openChatOnPage(his.page, anna.username);
    await bubbles(hers.page, 'Not for long').click({ button: 'right' });
    await hers.page.getByRole('menuitem', { name: 'Delete' }).click();
    await bubbles(hers.page, 'Message deleted').waitFor();
    await hers.page.goto('about:blank');
    await bubbles(his.page, 'Message deleted').waitFor();
    expect(await bubbles(his.page, 'Not for long').count()).toBe(0);
  });

  test('what fails is told, and can be tried again', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    await sendText(server, boris, chatId, 'Shall we?');
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    await openChatOnPage(page, boris.username);
    await page.route('**/reactions/**', async (route) => route.abort());
    await bubbles(page, 'Shall we?').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'React with 👍' }).click();
    const notices = page.getByRole('region', { name: 'Notices' });
    await notices.getByText('The reaction was not taken.').waitFor();
    expect(await notices.getAttribute('aria-live')).toBe('polite');
    await page.unroute('**/reactions/**');
    await notices.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: '👍, 1 person' }).waitFor();
    await expect.poll(() => notices.getByText('The reaction was not taken.').count()).toBe(0);
  });

  test('a chat is marked as unread in the list, and opening it takes that back', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    await sendText(server, boris, chatId, 'Read me twice');
    const { page, complaints } = await openTab(server.url);
    await signInOnPage(page, anna);
    const row = page.getByRole('link', { name: boris.username });
    await openChatOnPage(page, boris.username);
    await expect.poll(() => row.getByText('1 unread message').count()).toBe(0);
    await page.goBack();
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Mark as unread' }).click();
    await row.getByText('1 unread message').waitFor();
    await page.reload();
    await row.getByText('1 unread message').waitFor();
    await openChatOnPage(page, boris.username);
    await page.getByText('New messages').waitFor();
    await expect.poll(() => row.getByText('1 unread message').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('who has read a message is told by name', async () => {
    const { anna, boris } = await twoPeople(server);
    const group = await createGroup(server, anna, [boris]);
    const { id } = await sendText(server, anna, group.id, 'Has it been read?');
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    await openChatOnPage(page, group.name);
    const openReaders = async (): Promise<void> => {
      await bubbles(page, 'Has it').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Read by' }).click();
    };
    await openReaders();
    await page.getByText('Nobody has read it yet.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await ask(server, 'POST', `/messages/${group.id}/${id}/read`, { token: boris.token });
    await openReaders();
    const dialog = page.getByRole('dialog', { name: 'Read by 1 person' });
    await dialog.getByText(boris.username).waitFor();
    expect(await dialog.locator('time').textContent()).toMatch(/^\d\d:\d\d$/);
  });
});

describe('a group', () => {
  test('tells how many of its members are online, and who types', async () => {
    const { anna, boris } = await twoPeople(server);
    const vera = await signUp(server, 'vera');
    const group = await createGroup(server, anna, [boris, vera]);
    const [hers, his] = [await openTab(server.url), await openTab(server.url)];
    await signInOnPage(his.page, boris);
    await openChatOnPage(his.page, group.name);
    await signInOnPage(hers.page, anna);
    await openChatOnPage(hers.page, group.name);
    const head = hers.page.getByRole('main').locator('header');
    await head.getByText('3 members, 2 online').waitFor();
    await his.page.getByRole('textbox', { name: /^Message / }).pressSequentially('Hel');
    await head.getByText(`${boris.username} is typing…`).waitFor();
    // The server tells who types once a second, by its own clock.
    server.clock.advance(2);
    await his.page.getByRole('textbox', { name: /^Message / }).fill('');
    await head.getByText('3 members, 2 online').waitFor();
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  test('is renamed, gains and loses people, is handed over and left', async () => {
    const { anna, boris } = await twoPeople(server);
    const vera = await signUp(server, 'vera');
    const group = await createGroup(server, anna, [boris]);
    const { page, complaints } = await openTab(server.url, { viewport: { width: 1440, height: 900 } });
    await signInOnPage(page, anna);
    await openChatOnPage(page, group.name);
    const panel = page.getByRole('complementary', { name: 'Details' });

    await panel.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Group name').fill('Garden council');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
    await panel.getByRole('heading', { name: 'Garden council' }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await panel.getByRole('button', { name: 'Add people' }).click();
    await page.getByRole('searchbox').fill(vera.username);
    await page.getByRole('dialog').getByRole('button', { name: vera.username }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await panel.getByRole('button', { name: `Actions for ${vera.username}` }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });

    await panel.getByRole('button', { name: `Actions for ${boris.username}` }).click();
    await page.getByRole('menuitem', { name: 'Remove from the group' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await panel.getByText(boris.username).waitFor({ state: 'hidden' });
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });

    await panel.getByText('To leave, hand the group over to someone first.').waitFor();
    await panel.getByRole('button', { name: `Actions for ${vera.username}` }).click();
    await page.getByRole('menuitem', { name: 'Hand the group over' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Hand over' }).click();
    await panel.getByRole('button', { name: 'Leave group' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Leave group' }).click();
    await page.getByText('You left “Garden council”.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    await expect.poll(() => page.getByRole('link', { name: 'Garden council' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('on a phone its details cover the chat, and close again', async () => {
    const { anna, boris } = await twoPeople(server);
    const group = await createGroup(server, anna, [boris]);
    const { page } = await openTab(server.url, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await signInOnPage(page, anna);
    await openChatOnPage(page, group.name);
    const panel = page.getByRole('complementary', { name: 'Details' });
    expect(await panel.count()).toBe(0);
    await page.getByRole('button', { name: 'Details' }).click();
    await panel.getByText(boris.username).waitFor();
    await panel.getByRole('button', { name: 'Close' }).click();
    await panel.waitFor({ state: 'hidden' });
    await writeOnPage(page, 'Still here');
    await bubbles(page, 'Still here').waitFor();
  });
});
