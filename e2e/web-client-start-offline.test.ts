import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGroup, openChat, sendText, signUp, type Person } from '../packages/server/testing/api-client.ts';
import { runBeseda, type BesedaProcess } from '../packages/server/testing/beseda-process.ts';
import { startTestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, openChatOnPage, signInOnPage, writeOnPage } from './chat-page.testing.ts';
import { kept, keptOnDisk, settled } from './kept-data.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();

let directory: string;
let running: BesedaProcess;
let url: string;
let anna: Person;
let boris: Person;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'beseda-web-'));
  url = await start('0');
  anna = await signUp({ url }, 'anna');
  boris = await signUp({ url }, 'boris');
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

async function start(port: string): Promise<string> {
  running = runBeseda(['start'], { PORT: port, HOST: '127.0.0.1', RATE_LIMITS: 'off' }, directory);
  return running.address();
}

async function stop(): Promise<void> {
  running.signal('SIGTERM');
  await running.ended;
}

test('without a server the page opens with the chats and their messages, also of chats that were never opened', async () => {
  const chat = await openChat({ url }, anna, boris);
  const group = await createGroup({ url }, anna, [boris]);
  await sendText({ url }, boris, chat.id, 'the opened chat');
  for (const text of ['one', 'two', 'said by Boris']) await sendText({ url }, boris, group.id, text);
  const { page } = await openTab(url);
  await signInOnPage(page, anna);
  await page.goto(`${url}/c/${chat.id}`);
  await bubbles(page, 'the opened chat').waitFor();
  await settled(page);
  for (const text of ['the opened chat', '"one"', boris.username]) await keptOnDisk(page, text);

  await stop();
  await page.reload();
  await bubbles(page, 'the opened chat').waitFor();
  await openChatOnPage(page, 'A group');
  await bubbles(page, 'said by Boris').waitFor();
  expect(await page.getByRole('article').count()).toBe(3);
  await page.getByText('No connection.').waitFor();
  await start(new URL(url).port);
  await page.getByText('No connection.').waitFor({ state: 'hidden', timeout: 40_000 });
  await sendText({ url }, boris, group.id, 'after all that');
  await bubbles(page, 'after all that').waitFor();
});

test('a message that was written without a network, and whose page was closed, arrives once', async () => {
  await openChat({ url }, anna, boris);
  const { page } = await openTab(url);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await writeOnPage(page, 'before');
  await bubbles(page, 'before').getByRole('img', { name: 'Sent' }).waitFor();
  await settled(page);
  await keptOnDisk(page, 'before');

  await page.context().setOffline(true);
  await page.reload();
  await bubbles(page, 'before').waitFor();
  await writeOnPage(page, 'written away');
  await bubbles(page, 'written away').getByRole('img', { name: 'Sending' }).waitFor();
  await page.close();

  const again = await page.context().newPage();
  await again.goto(`${url}/`);
  await openChatOnPage(again, boris.username);
  await bubbles(again, 'written away').getByRole('img', { name: 'Sending' }).waitFor();
  await writeOnPage(again, 'written later');
  await again.context().setOffline(false);
  await bubbles(again, 'written later').getByRole('img', { name: 'Sent' }).waitFor({ timeout: 40_000 });

  const his = await openTab(url);
  await signInOnPage(his.page, boris);
  await openChatOnPage(his.page, anna.username);
  await bubbles(his.page, 'written later').waitFor();
  expect(await his.page.getByRole('article').allTextContents()).toEqual([
    expect.stringMatching(/^before/),
    expect.stringMatching(/^written away/),
    expect.stringMatching(/^written later/),
  ]);
});

test('signing out leaves nothing of the user in the browser', async () => {
  const chat = await openChat({ url }, anna, boris);
  await sendText({ url }, boris, chat.id, 'a secret');
  const { page } = await openTab(url);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await keptOnDisk(page, 'a secret');
  await page.getByRole('button', { name: 'You and settings' }).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.getByLabel('Username').waitFor();
  await expect
    .poll(async () => kept(page), { timeout: 10_000 })
    .toEqual({ chats: '[]', messages: '[]', outgoing: '[]', people: '[]' });
  expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
});

test('a newer version is offered, and taken only when it is wanted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'beseda-web-files-'));
  await cp(WEB_FOLDER, folder, { recursive: true });
  const server = await startTestServer({}, undefined, folder);
  const { page, complaints } = await openTab(server.url);
  await signInOnPage(page, await signUp(server, 'anna'));
  await settled(page);
  expect(await page.getByRole('button', { name: 'Update' }).count()).toBe(0);

  for (const name of ['index.html', 'service-worker.js']) {
    const content = await readFile(join(folder, name), 'utf8');
    for (const suffix of ['.br', '.gz']) await rm(join(folder, name + suffix), { force: true });
    // Whether a build is another one is told by the page's inode.
    await rm(join(folder, name));
    const newer = content.replace('<title>', '<title data-newer>').replace('MARK = "', 'MARK = "newer ');
    await writeFile(join(folder, name), newer);
  }
  await page.reload();
  await page.getByText('A new version is ready.').waitFor();
  expect(await page.locator('title[data-newer]').count()).toBe(0);
  await page.getByRole('button', { name: 'Update' }).click();
  await page.locator('title[data-newer]').waitFor({ state: 'attached' });
  await page.getByRole('navigation', { name: 'Chats' }).waitFor();
  expect(complaints).toEqual([]);
  await server.stop();
  await rm(folder, { recursive: true });
});
