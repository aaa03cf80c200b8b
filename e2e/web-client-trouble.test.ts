import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { ask, type Person } from '../packages/server/testing/api-client.ts';
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

/** Anna's page with her chat with Boris open, which would also open without a network. */
async function annasPage() {
  const { anna, boris, chatId } = await twoPeople(server);
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await writeOnPage(page, 'before');
  await bubbles(page, 'before').getByRole('img', { name: 'Sent' }).waitFor();
  await settled(page);
  await keptOnDisk(page, '"before"');
  return { page, boris, chatId };
}

/** Another tab of the same browser, at the same chat. */
async function alsoOpened(page: Page): Promise<Page> {
  const other = await page.context().newPage();
  await other.goto(page.url());
  await bubbles(other, 'before').waitFor();
  return other;
}

/** What the chat holds on the server, oldest first. */
async function stored(reader: Person, chatId: number): Promise<string[]> {
  const { body } = await ask(server, 'GET', `/messages/history/${chatId}`, { token: reader.token });
  return (body as { text: string }[]).map(({ text }) => text).toReversed();
}

test('a socket that breaks after a message has left and before its answer has come: it is stored once, in order', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  const { page } = await openTab(server.url);
  let broken = 0;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const upstream = socket.connectToServer();
    let state: 'whole' | 'breaking' | 'broken' = 'whole';
    socket.onMessage((frame) => {
      if (broken < 3 && String(frame).includes('"type":"message"')) state = 'breaking';
      upstream.send(frame);
    });
    upstream.onMessage((frame) => {
      if (state === 'whole') socket.send(frame);
      // The server has answered, so the message is stored; the page never hears of it.
      if (state !== 'breaking' || !String(frame).includes('"type":"ack"')) return;
      state = 'broken';
      broken += 1;
      void socket.close();
      void upstream.close();
    });
  });
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  for (const text of ['first', 'second', 'third', 'fourth']) await writeOnPage(page, text);
  await bubbles(page, 'fourth').getByRole('img', { name: 'Sent' }).waitFor({ timeout: 40_000 });
  expect(broken).toBe(3);
  expect(await stored(boris, chatId)).toEqual(['first', 'second', 'third', 'fourth']);
  expect(await page.getByRole('article').count()).toBe(4);
});

test('what a tab wrote without a network and did not live to send, another open tab sends, once and in order', async () => {
  const { page, boris, chatId } = await annasPage();
  const other = await alsoOpened(page);
  await page.context().setOffline(true);
  for (const text of ['first', 'second']) {
    await writeOnPage(page, text);
    await bubbles(page, text).getByRole('img', { name: 'Sending' }).waitFor();
  }
  expect(await bubbles(other, 'first').count()).toBe(0);
  await page.close();
  await bubbles(other, 'second').getByRole('img', { name: 'Sending' }).waitFor();
  await writeOnPage(other, 'third');
  await other.context().setOffline(false);
  await bubbles(other, 'third').getByRole('img', { name: 'Sent' }).waitFor({ timeout: 40_000 });
  expect(await stored(boris, chatId)).toEqual(['before', 'first', 'second', 'third']);
});

test('what is taken back in one tab is not sent by another that was opened meanwhile', async () => {
  const { page, boris, chatId } = await annasPage();
  await page.context().setOffline(true);
  // Opened without a network it has tried to send nothing, so nothing can have arrived.
  await page.reload();
  await bubbles(page, 'before').waitFor();
  await writeOnPage(page, 'hasty words');
  await bubbles(page, 'hasty words').getByRole('img', { name: 'Sending' }).waitFor();
  const other = await alsoOpened(page);
  await bubbles(page, 'hasty words').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await bubbles(page, 'hasty words').waitFor({ state: 'hidden' });
  await writeOnPage(other, 'calm words');
  await page.context().setOffline(false);
  await bubbles(page, 'calm words').waitFor({ timeout: 40_000 });
  expect(await stored(boris, chatId)).toEqual(['before', 'calm words']);
});
