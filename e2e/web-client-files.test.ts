import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../packages/server/testing/api-client.ts';
import { readBytes, sendFiles, uploadFile } from '../packages/server/testing/file-uploads.ts';
import { photo } from '../packages/server/testing/pictures.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { openChatOnPage, signInOnPage, twoPeople } from './chat-page.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 86_400 }, undefined, WEB_FOLDER);
});
afterAll(async () => {
  await server.stop();
});

/** Anna’s page and Boris’s, in their chat. */
async function bothInChat() {
  const { anna, boris, chatId } = await twoPeople(server);
  const [hers, his] = [await openTab(server.url), await openTab(server.url)];
  await signInOnPage(hers.page, anna);
  await openChatOnPage(hers.page, boris.username);
  await signInOnPage(his.page, boris);
  await openChatOnPage(his.page, anna.username);
  return { anna, boris, chatId, hers, his };
}

async function choose(page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ]);
  await chooser.setFiles(files);
}

/** Whether the pixels of an image are there. */
async function isDrawn(image: Locator): Promise<boolean> {
  return image.evaluate((element) => 'naturalWidth' in element && Number(element.naturalWidth) > 0);
}

const file = (name: string, buffer: Buffer, mimeType = 'application/octet-stream') => ({ name, mimeType, buffer });

const waiting = (page: Page): Locator => page.getByRole('list', { name: 'Files to send' });

const send = async (page: Page): Promise<void> => page.getByRole('button', { name: 'Send', exact: true }).click();

/** The chat of both with Anna’s page alone, which may lose its connection. */
async function annaInChat(options: Parameters<typeof openTab>[1] = {}) {
  const { anna, boris, chatId } = await twoPeople(server);
  const { page, complaints } = await openTab(server.url, { reducedMotion: 'reduce', ...options });
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  return { anna, boris, chatId, page, complaints };
}

/** What a script of the page does with a file that it makes: pasting or dropping it. */
async function give(page: Page, kind: 'paste' | 'drop', name: string, bytes: Buffer): Promise<void> {
  await page.evaluate(
    `(() => {
      const data = new DataTransfer();
      const bytes = Uint8Array.from(atob('${bytes.toString('base64')}'), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], '${name}', { type: 'image/jpeg' }));
      const field = document.querySelector('main textarea');
      if ('${kind}' === 'paste') {
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      } else {
        document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer: data, bubbles: true, cancelable: true }));
      }
      window.dropFiles = () =>
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    })()`,
  );
}

describe('files in messages', () => {
  test('FL2 an image that is chosen with the button is seen by the other person', async () => {
    const { hers, his } = await bothInChat();
    await choose(hers.page, [file('garden.jpg', await photo(), 'image/jpeg')]);
    await waiting(hers.page).getByText('garden.jpg').waitFor();
    await hers.page.getByRole('textbox', { name: /^Message / }).fill('The garden today');
    await send(hers.page);
    for (const { page } of [hers, his]) {
      const image = page.getByRole('article').filter({ hasText: 'The garden today' }).getByAltText('garden.jpg');
      await image.waitFor();
      await expect.poll(async () => isDrawn(image)).toBe(true);
    }
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  test('several go together without a text: an album, and what is no image as a line to be saved', async () => {
    const { hers, his, anna } = await bothInChat();
    const [one, two] = [await photo(), await photo(300, 300)];
    await choose(hers.page, [
      file('one.jpg', one, 'image/jpeg'),
      file('two.jpg', two, 'image/jpeg'),
      file('notes.txt', Buffer.from('the notes'), 'text/plain'),
    ]);
    await send(hers.page);
    const message = his.page.getByRole('article').filter({ hasText: 'notes.txt' });
    for (const name of ['one.jpg', 'two.jpg']) {
      await expect.poll(async () => isDrawn(message.getByAltText(name))).toBe(true);
    }
    const [download] = await Promise.all([
      his.page.waitForEvent('download'),
      message.getByRole('link', { name: 'Save notes.txt' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('notes.txt');
    // In the list it is told in words.
    await his.page.getByRole('link', { name: anna.username }).getByText('3 files').waitFor();
    expect(await waiting(hers.page).count()).toBe(0);
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  test('what is pasted and what is dropped on the window waits to be sent, and can be taken back', async () => {
    const { page, complaints } = await annaInChat();
    await give(page, 'paste', 'pasted.jpg', await photo());
    await waiting(page).getByText('pasted.jpg').waitFor();
    await give(page, 'drop', 'dropped.jpg', await photo());
    await page.getByText('Drop files here').waitFor();
    await page.evaluate('dropFiles()');
    await waiting(page).getByText('dropped.jpg').waitFor();
    expect(await page.getByText('Drop files here').count()).toBe(0);
    await page.getByRole('button', { name: 'Remove pasted.jpg' }).click();
    await expect.poll(async () => waiting(page).getByRole('listitem').count()).toBe(1);
    await send(page);
    await page.getByRole('article').getByAltText('dropped.jpg').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  test('an upload that loses its connection goes on where it was, once there is one again', async () => {
    const { page, chatId, anna } = await annaInChat();
    const bytes = Buffer.alloc(3_000_000, 'all of it, in its order; ');
    let cut = 0;
    // The second part does not get through while the network is away.
    await page.route('**/api/v1/files/*', async (route) => {
      const offset = await route.request().headerValue('upload-offset');
      if (offset === null || offset === '0' || cut >= 2) return route.continue();
      cut += 1;
      return route.abort('internetdisconnected');
    });
    await choose(page, [file('long.txt', bytes)]);
    await expect.poll(() => cut).toBe(2);
    await waiting(page).getByText('2.9 MB', { exact: true }).waitFor();
    await send(page);
    await page.getByRole('link', { name: 'Save long.txt' }).waitFor();
    const { body } = await ask(server, 'GET', `/messages/history/${chatId}`, { token: anna.token });
    const [message] = body as { files: { id: string }[] }[];
    const read = await readBytes(server, `/files/${message?.files[0]?.id}/content`, { token: anna.token });
    expect(read.bytes.equals(bytes)).toBe(true);
  });

  test('an upload shows how far it is, can be ended, and holds the send button until it is there', async () => {
    const { page } = await annaInChat();
    const held = Promise.withResolvers<void>();
    await page.route('**/api/v1/files/*', async (route) => {
      const offset = await route.request().headerValue('upload-offset');
      if (offset !== null && offset !== '0') await held.promise;
      await route.continue().catch(() => undefined);
    });
    await choose(page, [file('large.bin', Buffer.alloc(1_000_000, 1))]);
    await waiting(page).getByText('256 KB of 977 KB').waitFor();
    await page.getByRole('progressbar', { name: 'Uploading large.bin' }).waitFor();
    await page.getByRole('textbox', { name: /^Message / }).fill('with a file');
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Remove large.bin' }).click();
    held.resolve();
    await expect.poll(async () => waiting(page).count()).toBe(0);
    await send(page);
    await page.getByRole('article').filter({ hasText: 'with a file' }).waitFor();
    expect(await page.getByRole('link', { name: 'Save large.bin' }).count()).toBe(0);
  });

  test('an image is looked at on the whole screen, the next one by a key, nearer by a double click', async () => {
    const { page, boris, chatId, complaints } = await annaInChat();
    const ids = await Promise.all(
      ['first.jpg', 'second.jpg'].map(async (name) => (await uploadFile(server, boris, name, await photo())).id),
    );
    await sendFiles(server, boris, chatId, ids);
    const opener = page.getByRole('button', { name: 'Open first.jpg' });
    await opener.click();
    const viewer = page.getByRole('dialog', { name: 'first.jpg' });
    await viewer.getByText('1 of 2').waitFor();
    await page.keyboard.press('ArrowRight');
    const next = page.getByRole('dialog', { name: 'second.jpg' });
    const image = next.getByAltText('second.jpg');
    await expect.poll(async () => isDrawn(image)).toBe(true);
    const width = async (): Promise<number> => (await image.boundingBox())?.width ?? 0;
    const whole = await width();
    await image.dblclick();
    await expect.poll(width).toBeGreaterThan(whole * 2);
    await image.dblclick();
    await expect.poll(width).toBe(whole);
    await page.mouse.wheel(0, -300);
    await expect.poll(width).toBeGreaterThan(whole * 1.5);
    await page.keyboard.press('Escape');
    await expect.poll(async () => page.getByRole('dialog').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
