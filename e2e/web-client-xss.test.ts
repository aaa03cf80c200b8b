import { Registered } from '@beseda/protocol/users.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ask,
  expectAnswer,
  sendText,
  signIn,
  signUp,
  type Answer,
  type Person,
} from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';
import { foreignElements, harmless, watched } from './harm.testing.ts';
import { names, payloads, usernames } from './xss-corpus.testing.ts';

const openTab = useBrowser();

/** As many people as there may be without minutes of hashing; their names hold two payloads each. */
const PEOPLE = 24;

let server: TestServer;
let anna: Person;
let boris: Person;
let villains: Person[];
/** All payloads, each in a message; those of `edited` came to be there by an edit, those of `answers` answer them. */
let texts: number;
let edited: number;
/** A group for each payload that can be its name. */
let groups: number[];

beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 86_400 }, undefined, WEB_FOLDER);
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
  villains = [];
  for (let index = 0; index < PEOPLE; index += 1) villains.push(await villain(index));
  groups = [];
  for (const name of names) groups.push(await group(name, [anna, boris]));
  for (const [index, id] of groups.entries()) await sendText(server, boris, id, names[names.length - 1 - index] ?? '');
  texts = await group('Texts', [anna, ...villains]);
  edited = await group('Edited', [anna, ...villains]);
  for (const [index, payload] of payloads.entries()) {
    const sender = villains[index % PEOPLE] ?? boris;
    const { id } = await sendText(server, sender, texts, payload);
    await answer(sender, texts, id);
    const before = await sendText(server, sender, edited, 'as yet harmless');
    await answer(sender, edited, before.id);
    const asked = ask(server, 'PATCH', `/messages/${edited}/${before.id}`, {
      token: sender.token,
      json: { text: payload },
    });
    await done(asked, 200);
  }
}, 120_000);
afterAll(async () => {
  await server.stop();
});

/** Someone whose names are payloads. */
async function villain(index: number): Promise<Person> {
  const username = usernames[(index * 7) % usernames.length]?.trim() ?? '';
  const json = {
    username,
    email: `villain-${index}@example.com`,
    password: 'password123',
    display_name: names[(index * 5 + 3) % names.length],
  };
  const { id } = await expectAnswer(ask(server, 'POST', '/auth/register', { json }), 201, Registered);
  const tokens = await signIn(server, username, 'password123');
  return { id, username, password: 'password123', token: tokens.access_token, refreshToken: tokens.refresh_token };
}

/** What came of a request that must have gone well: the payloads are there, or there is nothing to be seen. */
async function done(answered: Promise<Answer>, status: number): Promise<unknown> {
  const { status: actual, body } = await answered;
  if (actual !== status) throw new Error(`expected ${status}, got ${actual}: ${JSON.stringify(body)}`);
  return body;
}

async function group(name: string, members: Person[]): Promise<number> {
  const json = { name, members: members.map(({ id }) => id) };
  const body = await done(ask(server, 'POST', '/groups/', { token: boris.token, json }), 201);
  return (body as { id: number }).id;
}

async function answer(sender: Person, chatId: number, replyTo: number): Promise<void> {
  const json = { text: 'an answer', reply_to: replyTo };
  await done(ask(server, 'POST', `/messages/${chatId}/send`, { token: sender.token, json }), 201);
}

/** Goes through all of a chat, from its beginning to its end, and presses what can be pressed in its texts. */
async function readAll(page: Page, chatId: number, count: number, harm: readonly string[]): Promise<void> {
  await page.goto(`${server.url}/c/${chatId}/1`);
  const rows = page.getByRole('article');
  await rows.first().waitFor();
  const seen = new Set<string | undefined>();
  await expect
    .poll(
      async () => {
        for (const spoiler of await page.getByRole('button', { name: 'Spoiler, press to show' }).all()) {
          await spoiler.dispatchEvent('click');
        }
        for (const key of await rows.evaluateAll((elements) => elements.map((row) => row.dataset['key'])))
          seen.add(key);
        expect(await foreignElements(page)).toEqual([]);
        await page
          .getByRole('region', { name: 'Messages' })
          .evaluate((element) => element.scrollBy(0, element.clientHeight * 0.8));
        return seen.size;
      },
      { timeout: 60_000, interval: 20 },
    )
    .toBe(count);
  await harmless(page, harm);
}

describe('security case 9: nothing that a user can write runs', () => {
  test('the corpus is as large as it should be', () => {
    expect(payloads.length).toBeGreaterThanOrEqual(80);
    expect(new Set(payloads).size).toBe(payloads.length);
    expect(names.length).toBeGreaterThanOrEqual(80);
  });

  test('what would be harm is noticed', async () => {
    const { page, harm } = await watched(openTab, server, anna);
    await page.evaluate('canary(); document.body.append(document.createElement("marquee")); open("about:blank")');
    await expect.poll(() => harm).toHaveLength(2);
    expect(harm.toSorted()).toEqual([expect.stringContaining('a page was opened'), 'the canary was called']);
    expect(await foreignElements(page)).toEqual(['<marquee>']);
  });

  test('in texts, edited texts, code, quotes and names above them', async () => {
    const { page, harm } = await watched(openTab, server, anna);
    for (const chatId of [texts, edited]) {
      await readAll(page, chatId, 2 * payloads.length, harm);
    }
    expect(harm).toEqual([]);
  }, 120_000);

  test('in the list, the head, the details, the composer, drafts that are restored, and the switcher', async () => {
    const { page, harm } = await watched(openTab, server, anna);
    for (const [index, id] of groups.entries()) {
      await page.keyboard.press('Escape');
      await page.evaluate(`history.pushState(null, '', '/c/${id}'); dispatchEvent(new PopStateEvent('popstate'))`);
      const field = page.locator('main textarea');
      await page.locator('aside h2').filter({ visible: true }).waitFor();
      await field.fill(names[index] ?? '');
    }
    await harmless(page, harm);
    await page.goto(server.url);
    await page.getByText('Draft:').first().waitFor();
    await harmless(page, harm);

    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Go to' });
    for (const payload of names) await field.fill(payload.slice(0, 60));
    await field.fill('canary');
    await page.getByRole('option').first().waitFor();
    await harmless(page, harm);
    expect(harm).toEqual([]);
  }, 120_000);

  test('among members, readers and found people, in dialogs and notices', async () => {
    const { page, harm } = await watched(openTab, server, anna);
    await page.goto(`${server.url}/c/${texts}`);
    await page.getByRole('complementary', { name: 'Details' }).getByRole('listitem').nth(PEOPLE).waitFor();
    await harmless(page, harm);
    await page
      .getByRole('article')
      .last()
      .click({ button: 'right', position: { x: 20, y: 10 } });
    await page.getByRole('menuitem', { name: 'Read by' }).click();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    await harmless(page, harm);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'New chat' }).first().click();
    for (const start of ['<', '[', '"', '_', '{', 'j']) {
      await page.getByRole('searchbox').fill(start);
      await page.getByRole('dialog').getByRole('listitem').or(page.getByText('Nobody’s name')).first().waitFor();
      await harmless(page, harm);
    }
    await page.keyboard.press('Escape');

    for (const id of groups.slice(0, 12)) {
      await page.goto(`${server.url}/c/${id}`);
      await page.getByRole('button', { name: 'Leave group' }).click();
      await page.getByRole('alertdialog').waitFor();
      await harmless(page, harm);
      await page.getByRole('alertdialog').getByRole('button', { name: 'Leave group' }).click();
      await page.getByRole('region', { name: 'Notices' }).getByText('You left').first().waitFor();
      await harmless(page, harm);
    }
    expect(harm).toEqual([]);
  }, 120_000);

  test('a reaction is an emoji or nothing', async () => {
    for (const payload of payloads) {
      const path = `/messages/${texts}/1/reactions/${encodeURIComponent(payload)}`;
      expect([404, 422]).toContain((await ask(server, 'PUT', path, { token: boris.token })).status);
    }
  });
});
