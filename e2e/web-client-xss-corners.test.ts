import { Registered } from '@beseda/protocol/users.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ask,
  createGroup,
  expectAnswer,
  sendText,
  signIn,
  signUp,
  type Person,
} from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { allowing, shownOn } from './allowed-notifications.testing.ts';
import { bubbles } from './chat-page.testing.ts';
import { harmless, watched } from './harm.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';
import { putAway } from './windows.testing.ts';
import { names, payloads } from './xss-corpus.testing.ts';

const openTab = useBrowser();

/** As many as are asked for by name in a test; their usernames are plain, so that they can be mentioned. */
const PEOPLE = 10;

let server: TestServer;
let anna: Person;
let villains: Person[];
let displayNames: string[];
/** A group of all of them, in which the first has written to each of the others. */
let group: number;

beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 86_400 }, undefined, WEB_FOLDER);
  anna = await signUp(server, 'anna');
  displayNames = names.filter((name) => name.includes('canary')).filter((_, index) => index % 9 === 0);
  displayNames = displayNames.slice(0, PEOPLE);
  villains = [];
  for (const name of displayNames) villains.push(await villain(name));
  ({ id: group } = await createGroup(server, anna, villains));
  for (const { username } of villains) await sendText(server, anna, group, `This is @${username} here`);
});
afterAll(async () => {
  await server.stop();
});

async function villain(displayName: string): Promise<Person> {
  const [username, password] = [`villain-${villains.length}`, 'password123'];
  const json = { username, email: `${username}@example.com`, password, display_name: displayName };
  const { id } = await expectAnswer(ask(server, 'POST', '/auth/register', { json }), 201, Registered);
  const tokens = await signIn(server, username, password);
  return { id, username, password, token: tokens.access_token, refreshToken: tokens.refresh_token };
}

async function annasGroup(): Promise<{ page: Page; harm: string[] }> {
  const { page, harm } = await watched(openTab, server, anna);
  await page.goto(`${server.url}/c/${group}`);
  await page.getByRole('article').last().waitFor();
  return { page, harm };
}

describe('security case 9: nothing that a user can write runs in the corners of the page', () => {
  test('in what completes a name, and on the cards of those who are mentioned', async () => {
    const { page, harm } = await annasGroup();
    const field = page.getByRole('textbox', { name: /^Message / });
    await field.pressSequentially('@villain');
    await page.getByRole('option').first().waitFor();
    await harmless(page, harm);
    await page.keyboard.press('Escape');
    await field.fill('');
    for (const [index, { username }] of villains.entries()) {
      await page.getByRole('button', { name: `@${username}`, exact: true }).click();
      const card = page.getByRole('dialog');
      await card.getByText(displayNames[index]?.trim() ?? '', { exact: true }).waitFor();
      await harmless(page, harm);
      await page.keyboard.press('Escape');
      await card.waitFor({ state: 'hidden' });
    }
    expect(harm).toEqual([]);
  });

  test('in the fields of the searches', async () => {
    const { page, harm } = await annasGroup();
    await page.keyboard.press('Control+f');
    const search = page.getByRole('searchbox', { name: 'Search in this chat' });
    for (const payload of payloads) await search.fill(payload);
    await page.getByText('Nothing found').waitFor();
    await harmless(page, harm);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    const emoji = page.getByRole('combobox', { name: 'Search emoji' });
    for (const payload of payloads) await emoji.fill(payload);
    await page.getByText('No emoji is called that.').waitFor();
    await harmless(page, harm);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    const goTo = page.getByRole('combobox', { name: 'Go to' });
    for (const payload of payloads) await goTo.fill(payload);
    await goTo.fill('<no such thing>');
    await page.getByText('Nothing found for “<no such thing>”.').waitFor();
    await harmless(page, harm);
    expect(harm).toEqual([]);
  });

  test('in what devices call themselves, and in dialogs and menus of a group with such a name', async () => {
    const devices = payloads.filter((payload) => /^[!-~]{3,60}$/.test(payload)).slice(0, 20);
    for (const device of devices) {
      const { username, password } = anna;
      const asking = { form: { username, password }, headers: { 'user-agent': device } };
      expect((await ask(server, 'POST', '/auth/token', asking)).status).toBe(200);
    }
    const { page, harm } = await annasGroup();
    await page.keyboard.press('Control+,');
    const list = page.getByRole('list', { name: 'Where you are signed in' });
    for (const device of devices.slice(0, 5)) await list.getByText(device, { exact: true }).waitFor();
    await list
      .getByRole('button', { name: /^Sign out: / })
      .first()
      .waitFor();
    await harmless(page, harm);
    await page.keyboard.press('Escape');

    for (const name of displayNames) {
      await ask(server, 'PATCH', `/groups/${group}`, { token: anna.token, json: { name } });
      await page.getByRole('main').getByRole('heading', { name: name.trim(), exact: true }).waitFor();
      await page.getByRole('button', { name: 'Chat actions' }).click();
      await page.getByRole('menuitem', { name: 'Pin' }).waitFor();
      await harmless(page, harm);
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'hidden' });
    }
    expect(harm).toEqual([]);
  });

  test('in notifications, which are given text alone', async () => {
    const { page, harm } = await watched(openTab, server, anna);
    await allowing(page);
    await page.evaluate(`localStorage.setItem('test allowed', 'granted')`);
    await page.evaluate(`localStorage.setItem('beseda/notifications', 'on')`);
    await page.goto(server.url);
    await page.getByRole('navigation', { name: 'Chats' }).getByRole('link').first().waitFor();
    await putAway(page, true);
    for (const [index, sender] of villains.entries()) {
      const text = displayNames[displayNames.length - 1 - index] ?? '';
      const { id } = await sendText(server, sender, group, `\`${text}\``);
      await expect
        .poll(async () => shownOn(page), { timeout: 10_000 })
        .toMatchObject([{ body: expect.stringContaining('canary'), data: `/c/${group}/${id}` }]);
    }
    await putAway(page, false);
    await page.goto(`${server.url}/c/${group}`);
    await bubbles(page, 'canary').last().waitFor();
    await harmless(page, harm);
    expect(harm).toEqual([]);
  });
});
