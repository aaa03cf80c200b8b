import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
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

/** What browsers do that may keep nothing: some in private windows, all of them with every site's data blocked. */
const REFUSED = `
  const refuse = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
  Object.defineProperty(window, 'localStorage', { get: refuse });
  IDBFactory.prototype.open = refuse;
  LockManager.prototype.request = async () => refuse();
  LockManager.prototype.query = async () => refuse();
  window.BroadcastChannel = class { constructor() { refuse(); } };
  ServiceWorkerContainer.prototype.register = async () => refuse();
  ServiceWorkerContainer.prototype.getRegistration = async () => refuse();
`;

/** At a plain http address most of that is not there at all, and in a browser of two years ago other things are not. */
const MISSING = `
  for (const name of ['locks', 'serviceWorker', 'clipboard', 'permissions']) delete Navigator.prototype[name];
  delete Crypto.prototype.randomUUID;
  delete window.Notification;
  delete URL.parse;
`;

test.each([
  { where: 'a browser may keep nothing', script: REFUSED },
  { where: 'a browser knows less', script: MISSING },
])('where $where one signs in, writes, reads and signs out all the same', async ({ script }) => {
  const { anna, boris } = await twoPeople(server);
  const { page, complaints } = await openTab(server.url);
  await page.addInitScript(script);
  await page.reload();
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await writeOnPage(page, 'kept nowhere, see https://example.com/');
  await bubbles(page, 'kept nowhere').getByRole('img', { name: 'Sent' }).waitFor();
  await page.getByRole('button', { name: 'You and settings' }).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await page.getByLabel('Username').waitFor();
  expect(complaints).toEqual([]);
});

test('a part of the page that cannot be read takes nothing else along', async () => {
  const { anna, boris } = await twoPeople(server);
  const { page } = await openTab(server.url, { serviceWorkers: 'block' });
  await page.route(/\/assets\/settings-dialog/, async (route) => route.abort());
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await page.getByRole('textbox', { name: /^Message / }).fill('half a word');
  await page.keyboard.press('Control+Comma');
  await page.getByText('A part of the page could not be loaded.').waitFor();
  expect(await page.getByRole('textbox', { name: /^Message / }).inputValue()).toBe('half a word');
});
