import { ask, createGroup, sendText, signUp, type Person } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useBrowser } from './tabs.testing.ts';

const openTab = useBrowser();

let server: TestServer;
let anna: Person;
let boris: Person;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
});
afterAll(async () => {
  await server.stop();
});

const FILE = new URL('../scripts/test_websocket.html', import.meta.url).href;

function playground(): string {
  return `${server.url}/playground`;
}

async function signIn(page: Page, { username, password }: { username: string; password: string }): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function connect(page: Page, chatId: number): Promise<void> {
  await page.getByLabel('Chat id').fill(String(chatId));
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

async function send(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByLabel('Message', { exact: true }).press('Enter');
}

/** Waits for a line of the log, and gives it back. */
async function line(page: Page, text: string | RegExp) {
  const found = page.getByRole('listitem').filter({ hasText: text, visible: true });
  await found.first().waitFor();
  return found.first();
}

/** Connects and waits until the server has let the socket in, which the answer to a message shows. */
async function enter(page: Page, person: Person, chatId: number): Promise<void> {
  await signIn(page, person);
  await page.getByText(`id ${person.id} ·`).waitFor();
  await connect(page, chatId);
  await page
    .getByRole('status')
    .filter({ hasText: `Connected to chat ${chatId}` })
    .waitFor();
  await send(page, `${person.username} is here`);
  await (await line(page, `${person.username} is here`)).getByRole('button').waitFor();
}

describe('the page at /playground', () => {
  test('two people in two tabs: what one sends and marks as read, the other sees', async () => {
    const group = await createGroup(server, anna, [boris]);
    const [hers, his] = [await openTab(playground()), await openTab(playground())];
    await enter(hers.page, anna, group.id);
    await enter(his.page, boris, group.id);

    await send(hers.page, 'Кто возьмёт ключ от сарая?');
    // The sender's name is asked for when the first message comes, and put in when it is known.
    const message = await line(his.page, `${anna.username}Кто возьмёт ключ от сарая?`);
    expect(await his.page.getByLabel('Message id', { exact: true }).inputValue()).toBe('');
    await message.getByRole('button', { name: 'Use message id 3' }).click();
    expect(await his.page.getByLabel('Message id', { exact: true }).inputValue()).toBe('3');
    await his.page.getByRole('button', { name: 'Mark as Read' }).click();
    await line(his.page, 'You marked messages up to 3 as read');

    await line(hers.page, `${boris.username} read up to message 3`);
    expect(await (await line(hers.page, 'Кто возьмёт ключ от сарая?')).textContent()).toMatch(/read$/);
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  test('frames are shown as they went, once asked for', async () => {
    const group = await createGroup(server, anna);
    const { page, complaints } = await openTab(playground());
    await enter(page, anna, group.id);
    expect(await page.getByText('"type":"message"').isVisible()).toBe(false);
    await page.getByLabel('Raw JSON frames').check();
    await line(page, /→\{"type":"message","text":"anna.*","ref":"r1"\}/);
    await line(page, /←\{"type":"ack","ref":"r1"/);
    expect(complaints).toEqual([]);
  });

  test('the history shows ids, in order, before what came since', async () => {
    const group = await createGroup(server, anna, [boris]);
    for (const text of ['one', 'two']) await sendText(server, boris, group.id, text);
    const { page, complaints } = await openTab(playground());
    await enter(page, anna, group.id);
    await page.getByRole('button', { name: 'Load history' }).click();
    await line(page, 'History loaded: 3');
    await line(page, new RegExp(`^${boris.username}one#1`));
    expect(await page.getByRole('button', { name: /^Use message id/ }).allTextContents()).toEqual(['#1', '#2', '#3']);
    expect(complaints).toEqual([]);
  });

  test('who joins, who leaves and how the group is called is told', async () => {
    const group = await createGroup(server, anna, [boris]);
    const { page, complaints } = await openTab(playground());
    await enter(page, anna, group.id);
    const { token } = anna;
    await ask(server, 'PATCH', `/groups/${group.id}`, { token, json: { name: 'Садовый совет' } });
    await line(page, 'The chat is called “Садовый совет”');
    await page.getByRole('heading', { name: 'Садовый совет' }).waitFor();
    await ask(server, 'DELETE', `/groups/${group.id}/members/${boris.id}`, { token });
    await line(page, `${boris.username} left the chat`);
    expect(complaints).toEqual([]);
  });

  test('a wrong password shows the reason', async () => {
    const { page } = await openTab(playground());
    await signIn(page, { username: anna.username, password: 'not the password' });
    await expect.poll(() => page.getByRole('alert').textContent()).toBe('The username or the password is not right.');
  });

  test('a chat that is not yours says what 1008 means', async () => {
    const group = await createGroup(server, anna);
    const { page, complaints } = await openTab(playground());
    await signIn(page, boris);
    await page.getByText(`id ${boris.id} ·`).waitFor();
    await connect(page, group.id);
    const status = page.getByRole('status').filter({ hasText: 'Closed with 1008' });
    await status.waitFor();
    expect(await status.textContent()).toContain('you are not a member of this chat');
    expect(complaints).toEqual([]);
  });

  test('a session that is ended elsewhere says what 4401 means', async () => {
    const group = await createGroup(server, anna);
    const { page } = await openTab(playground());
    await enter(page, anna, group.id);
    await ask(server, 'DELETE', '/auth/sessions', { token: anna.token });
    await line(page, /Closed with 4401 .* Sign in again/);
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  });

  test('a token in place of a password works', async () => {
    const group = await createGroup(server, anna);
    const { page, complaints } = await openTab(playground());
    await page.getByRole('radio', { name: 'Access token' }).check();
    await page.getByRole('textbox', { name: 'Access token' }).fill(anna.token);
    await page.getByRole('button', { name: 'Use this token' }).click();
    await page.getByRole('button', { name: 'Forget token' }).waitFor();
    await page.getByRole('combobox', { name: 'Chat' }).selectOption(String(group.id));
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await line(page, `Connected to chat ${group.id}`);
    expect(complaints).toEqual([]);
  });

  test('opened from a disk it reaches the server', async () => {
    const group = await createGroup(server, anna);
    const { page, complaints } = await openTab(FILE);
    expect(await page.getByLabel('Server address').inputValue()).toBe('http://localhost:8000');
    await page.getByLabel('Server address').fill(server.url);
    await enter(page, anna, group.id);
    expect(complaints).toEqual([]);
  });

  test('a server that is not there is named', async () => {
    const { page } = await openTab(FILE);
    await page.getByLabel('Server address').fill('http://127.0.0.1:9');
    await signIn(page, anna);
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('http://127.0.0.1:9 does not answer');
  });

  test('markup in a message is text', async () => {
    const group = await createGroup(server, anna, [boris]);
    const { page, complaints } = await openTab(playground());
    await enter(page, anna, group.id);
    const texts = ['<img src=x onerror="document.title=1">', '<script>document.title = 1</script>'];
    for (const text of texts) await sendText(server, boris, group.id, text);
    for (const text of texts) await line(page, text);
    await page.getByLabel('Raw JSON frames').check();
    await line(page, /←\{"type":"message".*<script>/);
    expect(await page.locator('main img, main script[src], li script').count()).toBe(0);
    expect(await page.title()).toBe('Beseda: socket playground');
    expect(complaints).toEqual([]);
  });

  test('it speaks Russian to those who do, and changes over with a switch', async () => {
    const { page, complaints } = await openTab(playground(), { locale: 'ru-RU' });
    await page.getByRole('button', { name: 'Отметить прочитанным' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('ru');
    await page.getByLabel('English').check();
    await page.getByRole('button', { name: 'Mark as Read' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('nothing is kept once the page is gone', async () => {
    const { page } = await openTab(playground());
    await signIn(page, anna);
    await page.getByText(`id ${anna.id} ·`).waitFor();
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
    expect(kept).toBe('[{},{},""]');
  });

  test('nothing sticks out at 320 pixels', async () => {
    const { page } = await openTab(playground(), { viewport: { width: 320, height: 640 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });
});
