import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, createGroup, sendText } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { allowing, shownOn } from './allowed-notifications.testing.ts';
import { bubbles, openChatOnPage, signInOnPage, twoPeople, writeOnPage } from './chat-page.testing.ts';
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

test('whoever has written is offered notifications; they come while the window is away, and go once they are read', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  const group = await createGroup(server, anna, [boris]);
  const { page, complaints } = await openTab(server.url);
  await allowing(page);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  const offer = page.getByRole('button', { name: 'Turn on' });
  expect(await offer.count()).toBe(0);
  await writeOnPage(page, 'hello');
  await offer.click();
  await offer.waitFor({ state: 'hidden' });
  expect(await page.evaluate('window.asked')).toBe(1);
  await page.goto(server.url);

  await sendText(server, boris, chatId, 'while she looks');
  await page.getByText('while she looks').waitFor();
  await putAway(page, true);
  await sendText(server, boris, chatId, '**first**');
  await expect.poll(async () => shownOn(page)).toHaveLength(1);
  const last = await sendText(server, boris, chatId, 'second\nline');
  const inGroup = await sendText(server, boris, group.id, 'to all');
  await expect
    .poll(async () => shownOn(page))
    .toEqual([
      { title: boris.username, body: 'second line', tag: `chat ${chatId}`, data: `/c/${chatId}/${last.id}` },
      {
        title: 'A group',
        body: `${boris.username}: to all`,
        tag: `chat ${group.id}`,
        data: `/c/${group.id}/${inGroup.id}`,
      },
    ]);
  expect(await page.title()).toBe('(4) Beseda');

  await ask(server, 'POST', `/messages/${group.id}/${inGroup.id}/read`, { token: anna.token });
  await expect.poll(async () => (await shownOn(page)).map(({ tag }) => tag)).toEqual([`chat ${chatId}`]);
  expect(complaints).toEqual([]);
});

test('of several tabs one tells, and another once that is closed', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  const { page } = await openTab(server.url);
  await allowing(page);
  await page.evaluate(`localStorage.setItem('test allowed', 'granted')`);
  await page.evaluate(`localStorage.setItem('beseda/notifications', 'on')`);
  await page.reload();
  await signInOnPage(page, anna);
  const other = await page.context().newPage();
  await other.goto(server.url);
  await other.getByRole('link', { name: boris.username }).waitFor();
  await putAway(page, true);
  await sendText(server, boris, chatId, 'she is at the other tab');
  await other.getByText('she is at the other tab').waitFor();
  await putAway(other, true);
  await sendText(server, boris, chatId, 'she is away');
  const all = async (): Promise<string[]> =>
    [...(await shownOn(page)), ...(await shownOn(other))].map(({ body }) => body);
  await expect.poll(all).toEqual(['she is away']);

  // The one that tells is closed: the next takes over.
  const teller = (await shownOn(page)).length > 0 ? page : other;
  const rest = teller === page ? other : page;
  await teller.close();
  await sendText(server, boris, chatId, 'she is still away');
  await expect.poll(async () => (await shownOn(rest)).map(({ body }) => body)).toEqual(['she is still away']);
});

test('a click on a notification leads a tab to the message', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  for (const text of ['one', 'two', 'three']) await sendText(server, boris, chatId, text);
  const { page } = await openTab(server.url);
  await signInOnPage(page, anna);
  await page.getByText('three').waitFor();
  await page.evaluate('navigator.serviceWorker.ready');
  const [worker] = page.context().serviceWorkers();
  if (worker === undefined) throw new Error('the page has a service worker');
  // Nobody can click where nothing is shown: the worker hears of a click all the same. What it does then is real, but
  // for the focus, which a browser gives only where someone has clicked.
  await worker.evaluate(`new Promise((resolve) => {
    const event = new ExtendableEvent('notificationclick');
    const notification = { data: '/c/${chatId}/2', close() {} };
    Object.defineProperty(event, 'notification', { value: notification });
    Object.defineProperty(event, 'waitUntil', { value: (done) => done.then(resolve, resolve) });
    self.dispatchEvent(event);
  })`);
  await page.waitForURL(`**/c/${chatId}/2`);
  await bubbles(page, 'two').waitFor();
  expect(page.context().pages()).toHaveLength(1);
});

test('“Not now” is remembered, and nothing is asked', async () => {
  const { anna, boris } = await twoPeople(server);
  const { page } = await openTab(server.url);
  await allowing(page);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await writeOnPage(page, 'one');
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.reload();
  await writeOnPage(page, 'two');
  await bubbles(page, 'two').getByRole('img', { name: 'Sent' }).waitFor();
  expect(await page.getByRole('button', { name: 'Turn on' }).count()).toBe(0);
  expect(await page.evaluate('window.asked')).toBe(0);
  await page.keyboard.press('Control+,');
  const shows = page.getByRole('switch', { name: 'Show notifications' });
  expect(await shows.isChecked()).toBe(false);
  await shows.check();
  await page.getByText('While Beseda is not in front of you.').waitFor();
  expect(await page.evaluate('window.asked')).toBe(1);
});

test('what is to be read is counted in the title and in the tab’s icon', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  const { page, complaints } = await openTab(server.url);
  await signInOnPage(page, anna);
  const icon = page.locator('link[rel="icon"]');
  await page.getByRole('link', { name: boris.username }).waitFor();
  expect(await page.title()).toBe('Beseda');
  expect(await icon.getAttribute('href')).toBe('/favicon.svg');
  for (const text of ['one', 'two']) await sendText(server, boris, chatId, text);
  await expect.poll(async () => page.title()).toBe('(2) Beseda');
  await expect
    .poll(async () => decodeURIComponent((await icon.getAttribute('href')) ?? ''))
    .toMatch(/^data:.*>2<\/text>/);
  await openChatOnPage(page, boris.username);
  await expect.poll(async () => page.title()).toBe('Beseda');
  await expect.poll(async () => icon.getAttribute('href')).toBe('/favicon.svg');
  expect(complaints).toEqual([]);
});

test('new messages sound where one has switched it on, but not in the chat that one is looking at', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  const group = await createGroup(server, anna, [boris]);
  const { page } = await openTab(server.url);
  await allowing(page);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  const notes = async (): Promise<unknown> => page.evaluate('window.notes');
  await page.keyboard.press('Control+,');
  await page.getByRole('switch', { name: 'Sound' }).check();
  await page.keyboard.press('Escape');
  // It has let itself be heard.
  expect(await notes()).toBe(2);
  await sendText(server, boris, chatId, 'before her eyes');
  await bubbles(page, 'before her eyes').waitFor();
  await sendText(server, boris, group.id, 'heard');
  await expect.poll(notes).toBe(4);
});
