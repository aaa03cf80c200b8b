import { readFile } from 'node:fs/promises';
import { ChatExport } from '@beseda/protocol/exports.ts';
import type { Page } from 'playwright-core';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGroup, sendText } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { openChatOnPage, signInOnPage, twoPeople } from './chat-page.testing.ts';
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

/** Presses what saves the chat, and gives what has come of it. */
async function save(page: Page, labels: { copy: string; form: string }): Promise<{ name: string; path: string }> {
  await page.getByRole('complementary').getByRole('button', { name: labels.copy }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: labels.form }).click();
  const download = await downloading;
  return { name: download.suggestedFilename(), path: await download.path() };
}

describe('a copy of a chat', () => {
  test('is a page that can be read without the server, or data, saved from its details', async () => {
    const { anna, boris } = await twoPeople(server);
    const group = await createGroup(server, anna, [boris]);
    await sendText(server, boris, group.id, 'The first <b>word</b>');
    await sendText(server, anna, group.id, 'The last one');
    const { page, complaints } = await openTab(server.url, { viewport: { width: 1440, height: 900 } });
    await signInOnPage(page, anna);
    await openChatOnPage(page, group.name);

    const html = await save(page, { copy: 'Save a copy of the chat', form: 'As a page to read' });
    expect(html.name).toBe(`${group.name}.html`);
    const copy = await page.context().newPage();
    await copy.setContent(await readFile(html.path, 'utf8'));
    expect(await copy.locator('h1').textContent()).toBe(group.name);
    expect(await copy.locator('article .text').allTextContents()).toEqual(['The first <b>word</b>', 'The last one']);
    expect(await copy.locator('article h3').allTextContents()).toEqual([boris.username, anna.username]);
    await copy.close();

    const json = await save(page, { copy: 'Save a copy of the chat', form: 'As data for programs' });
    expect(json.name).toBe(`${group.name}.json`);
    const exported = Value.Parse(ChatExport, JSON.parse(await readFile(json.path, 'utf8')));
    expect(exported.messages.map(({ text }) => text)).toEqual(['The first <b>word</b>', 'The last one']);
    expect(complaints).toEqual([]);
  });

  test('is saved on a phone and in Russian too, by the keys alone', async () => {
    const { anna, boris } = await twoPeople(server);
    const group = await createGroup(server, anna, [boris]);
    await sendText(server, boris, group.id, 'Привет');
    const phone = { viewport: { width: 390, height: 844 }, locale: 'ru-RU' };
    const { page, complaints } = await openTab(`${server.url}/c/${group.id}`, phone);
    await page.getByLabel('Имя пользователя').fill(anna.username);
    await page.getByLabel('Пароль', { exact: true }).fill(anna.password);
    await page.getByRole('button', { name: 'Войти' }).click();
    await page.getByRole('button', { name: 'Подробности' }).click();
    const button = page.getByRole('complementary').getByRole('button', { name: 'Сохранить копию чата' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.locator('[role="menuitem"]:focus').waitFor();
    const downloading = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const download = await downloading;
    expect(download.suggestedFilename()).toBe(`${group.name}.html`);
    const html = await readFile(await download.path(), 'utf8');
    expect(html).toContain('<html lang="ru">');
    expect(html).toContain('Привет');
    await button.and(page.locator(':focus')).waitFor();
    expect(complaints).toEqual([]);
  });
});
