import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openChat, signUp } from '../packages/server/testing/api-client.ts';
import { runBeseda, type BesedaProcess } from '../packages/server/testing/beseda-process.ts';
import { bubbles, openChatOnPage, signInOnPage, writeOnPage } from './chat-page.testing.ts';
import { useBrowser } from './tabs.testing.ts';

const openTab = useBrowser();

let directory: string;
let running: BesedaProcess;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'beseda-web-'));
});
afterEach(async () => {
  running.signal('SIGTERM');
  await running.ended;
  await rm(directory, { recursive: true, force: true });
});

async function start(port: string): Promise<string> {
  running = runBeseda(['start'], { PORT: port, HOST: '127.0.0.1', RATE_LIMITS: 'off' }, directory);
  return running.address();
}

test('what is written while the server is away is on the screen at once, and arrives once when it is back', async () => {
  const url = await start('0');
  const [anna, boris] = [await signUp({ url }, 'anna'), await signUp({ url }, 'boris')];
  await openChat({ url }, anna, boris);
  const { page } = await openTab(url);
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await writeOnPage(page, 'before');
  await bubbles(page, 'before').getByRole('img', { name: 'Sent' }).waitFor();

  running.signal('SIGKILL');
  await running.ended;
  await page.getByText('No connection.').waitFor();
  for (const text of ['first', 'second']) {
    await writeOnPage(page, text);
    await bubbles(page, text).getByRole('img', { name: 'Sending' }).waitFor();
  }
  await start(new URL(url).port);
  await bubbles(page, 'second').getByRole('img', { name: 'Sent' }).waitFor({ timeout: 40_000 });
  expect(await page.getByRole('article').allTextContents()).toEqual([
    expect.stringMatching(/^before/),
    expect.stringMatching(/^first/),
    expect.stringMatching(/^second/),
  ]);

  const his = await openTab(url);
  await signInOnPage(his.page, boris);
  await openChatOnPage(his.page, anna.username);
  await bubbles(his.page, 'second').waitFor();
  expect(await his.page.getByRole('article').count()).toBe(3);
});
