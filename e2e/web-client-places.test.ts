import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, sendText, type Person } from '../packages/server/testing/api-client.ts';
import { createTestClock, startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, openChatOnPage, signInOnPage, twoPeople } from './chat-page.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();

const DAY = 86_400;
const clock = createTestClock(new Date(Date.now() - 40 * DAY * 1000));
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 100 * DAY }, { clock }, WEB_FOLDER);
});
afterAll(async () => {
  await server.stop();
});

/** A chat of 300 messages, all read; the 290th answers the 5th. */
async function longChat() {
  const { anna, boris, chatId } = await twoPeople(server);
  for (let index = 1; index <= 300; index += 1) {
    const text = index === 20 || index === 270 ? `line ${index}, a needle` : `line ${index}`;
    if (index === 290) await reply(anna, chatId, text, 5);
    else await sendText(server, anna, chatId, text);
  }
  return { anna, boris, chatId };
}

async function reply(person: Person, chatId: number, text: string, to: number): Promise<void> {
  const json = { text, reply_to: to };
  expect((await ask(server, 'POST', `/messages/${chatId}/send`, { token: person.token, json })).status).toBe(201);
}

/** The message with exactly this text, on the screen. */
function line(page: Page, text: string) {
  return page.getByRole('article').filter({ has: page.getByText(text, { exact: true }) });
}

/** It is wholly between the head of the chat and the composer, and glows. */
async function expectLed(page: Page, text: string): Promise<void> {
  await line(page, text).and(page.locator('[data-lit]')).waitFor();
  await expect.poll(() => onScreen(page, text)).toBe(true);
}

async function onScreen(page: Page, text: string): Promise<boolean> {
  const [row, frame] = [
    await line(page, text).boundingBox(),
    await page.getByRole('region', { name: 'Messages' }).boundingBox(),
  ];
  return row !== null && frame !== null && row.y >= frame.y && row.y + row.height <= frame.y + frame.height;
}

describe('one is led to a message', () => {
  test('by its address, by the link that its menu copies, by a link in a message, and by a quote', async () => {
    const { anna, boris, chatId } = await longChat();
    const { page, complaints } = await openTab(server.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await signInOnPage(page, anna);
    await page.goto(`${server.url}/c/${chatId}/123`);
    await expectLed(page, 'line 123');

    await line(page, 'line 123').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Copy link' }).click();
    await page.getByText('Link copied.').waitFor();
    const link = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(link).toBe(`${server.url}/c/${chatId}/123`);

    await sendText(server, boris, chatId, `look at ${link}`);
    await page.getByRole('button', { name: /^Jump to the newest/ }).click();
    await bubbles(page, 'look at').getByRole('link').click();
    await expectLed(page, 'line 123');
    expect(page.context().pages()).toHaveLength(1);

    await page.getByRole('button', { name: /^Jump to the newest/ }).click();
    await line(page, 'line 290').getByRole('button', { name: 'line 5' }).click();
    await expectLed(page, 'line 5');
    // The same link once more leads to where it led before.
    await page.getByRole('button', { name: /^Jump to the newest/ }).click();
    await bubbles(page, 'look at').getByRole('link').click();
    await expectLed(page, 'line 123');
    expect(complaints).toEqual([]);
  });

  test('by searching the chat: from the newest hit back, over what is not held here', async () => {
    const { anna, boris } = await longChat();
    const { page, complaints } = await openTab(server.url);
    await signInOnPage(page, anna);
    await openChatOnPage(page, boris.username);
    await line(page, 'line 300').waitFor();
    await page.keyboard.press('Control+f');
    const field = page.getByRole('searchbox', { name: 'Search in this chat' });
    await field.fill('NEEDLE');
    await expectLed(page, 'line 270, a needle');
    await field.press('Enter');
    await expectLed(page, 'line 20, a needle');
    await field.press('ArrowDown');
    await expectLed(page, 'line 270, a needle');
    await field.press('ArrowUp');
    await field.press('ArrowUp');
    await page.getByText('2 of 2').waitFor();
    await field.fill('no such words');
    await page.getByText('Nothing found').waitFor();
    await field.press('Escape');
    await field.waitFor({ state: 'hidden' });
    await page.locator('textarea:focus').waitFor();
    expect(complaints).toEqual([]);
  });

  test('by a date, with the pointer and with the keys', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    const days: Date[] = [];
    for (let day = 0; day < 30; day += 1) {
      days.push(clock.now());
      for (let nth = 1; nth <= 9; nth += 1) await sendText(server, anna, chatId, `day ${day}, ${nth}`);
      clock.advance(DAY);
    }
    const { page, complaints } = await openTab(server.url, { timezoneId: 'UTC' });
    await signInOnPage(page, anna);
    await openChatOnPage(page, boris.username);
    await line(page, 'day 29, 9').waitFor();
    const named = (day: number): string =>
      new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(days[day]);
    // Of the day that one was led to: any other may be out of sight, and to press it would lead away.
    const separator = (day: number) =>
      page
        .getByRole('button', { name: /./ })
        .and(page.getByTitle('Jump to a date'))
        .filter({ has: page.locator(`time[datetime^="${days[day]?.toISOString().slice(0, 10)}"]`) });
    await separator(29).click();
    for (const day of [12, 3]) {
      const button = page.getByRole('gridcell').getByRole('button', { name: named(day) });
      // The month is there, so a day that is not is of one before.
      await page.getByRole('grid', { name: 'Jump to a date' }).waitFor();
      while ((await button.count()) === 0) await page.getByRole('button', { name: 'Month before' }).click();
      await button.click();
      await page.getByRole('grid').waitFor({ state: 'hidden' });
      await expectLed(page, `day ${day}, 1`);
      await separator(day).click();
    }
    await page.getByRole('grid', { name: 'Jump to a date' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor({ state: 'hidden' });
    await line(page, 'day 3, 1').locator('xpath=ancestor::*[@data-index]').waitFor();
    await separator(3).press('Enter');
    const focused = (day: number) =>
      page
        .getByRole('gridcell')
        .getByRole('button', { name: named(day) })
        .and(page.locator(':focus'));
    await focused(3).waitFor();
    await page.keyboard.press('ArrowDown');
    await focused(10).waitFor();
    await page.keyboard.press('ArrowRight');
    await focused(11).waitFor();
    await page.keyboard.press('Enter');
    await expectLed(page, 'day 11, 1');
    expect(complaints).toEqual([]);
  });
});

test('the focus goes back to the message whose menu was open, and to the field where one answers', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  await sendText(server, boris, chatId, 'his words');
  const { page } = await openTab(`${server.url}/c/${chatId}`);
  await signInOnPage(page, anna);
  await bubbles(page, 'his words').waitFor();
  await page.getByRole('region', { name: 'Messages' }).focus();
  await page.keyboard.press('ArrowUp');
  const row = page.locator('article:focus').filter({ hasText: 'his words' });
  await row.waitFor();
  for (const last of ['Escape', 'Enter']) {
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'React with 👍' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press(last);
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await row.waitFor();
  }
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Reply' }).press('Enter');
  await page.getByRole('menu').waitFor({ state: 'hidden' });
  await page.locator('textarea:focus').waitFor();
  expect(await page.getByText('Reply to').count()).toBe(1);
});

test('on a phone a finger that stays on a message opens its menu, and nothing else', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  await sendText(server, boris, chatId, 'his words');
  const { page } = await openTab(server.url, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  await signInOnPage(page, anna);
  await openChatOnPage(page, boris.username);
  await bubbles(page, 'his words').waitFor();
  const box = await bubbles(page, 'his words').boundingBox();
  if (box === null) throw new Error('the message is on the screen');
  const touch = await page.context().newCDPSession(page);
  const at = { x: box.x + 60, y: box.y + box.height / 2 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await page.getByRole('menuitem', { name: 'Reply' }).tap();
  await page.getByText('Reply to').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
});
