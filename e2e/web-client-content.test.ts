import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, openChat, sendText, signUp } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, openChatOnPage, signInOnPage, twoPeople } from './chat-page.testing.ts';
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

/** Anna’s page with her chat with Boris, in which he has said something. */
async function told(texts: readonly string[], options: Parameters<typeof openTab>[1] = {}) {
  const { anna, boris, chatId } = await twoPeople(server);
  for (const text of texts) await sendText(server, boris, chatId, text);
  const { page, complaints } = await openTab(server.url, { reducedMotion: 'reduce', ...options });
  await signInOnPage(page, anna);
  return { page, complaints, anna, boris, chatId };
}

async function topOf(locator: Locator): Promise<number> {
  return (await locator.boundingBox())?.y ?? Number.NaN;
}

/** How far it has moved, in pixels; the browser may round by one. */
async function movedFrom(top: number, locator: Locator): Promise<number> {
  return Math.abs((await topOf(locator)) - top);
}

async function sizeOf(locator: Locator): Promise<number[]> {
  const box = await locator.boundingBox();
  return [box?.x, box?.y, box?.width, box?.height].map((length) => Math.round(length ?? 0));
}

/** A property of an element’s looks. */
async function lookOf(locator: Locator, property: 'color' | 'fontSize' | 'backgroundColor' | 'direction') {
  return locator.evaluate(
    (element, name) => String(element.ownerDocument.defaultView?.getComputedStyle(element)[name]),
    property,
  );
}

async function hasFocus(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => element.ownerDocument.activeElement === element);
}

describe('spoilers', () => {
  const secret = 'It was ||**the gardener** with [a spade](https://sad.example)||.';

  test('are hidden in the text, the list, a quote and the switcher until they are pressed', async () => {
    const { page, complaints, boris, anna, chatId } = await told(['before', secret]);
    await page.getByRole('link', { name: boris.username }).getByText('It was ▒▒▒.').waitFor();
    await openChatOnPage(page, boris.username);
    const spoiler = bubbles(page, 'It was').getByRole('button', { name: 'Spoiler, press to show' });
    await spoiler.waitFor();
    // Neither by the pointer nor by a search is there a way in.
    expect(await page.getByRole('link', { name: 'a spade' }).count()).toBe(0);
    const json = { text: 'So it was he', reply_to: 2 };
    await ask(server, 'POST', `/messages/${chatId}/send`, { token: anna.token, json });
    await bubbles(page, 'So it was he').getByText('It was ▒▒▒.').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('it was');
    await page.getByRole('option').filter({ hasText: 'It was ▒▒▒.' }).waitFor();
    await page.getByRole('combobox', { name: 'Go to' }).fill('gardener');
    await page.getByText('Nothing found for “gardener”.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Go to' }).waitFor({ state: 'hidden' });

    await spoiler.click();
    await page.getByRole('link', { name: 'a spade' }).waitFor();
    expect(await spoiler.count()).toBe(0);
    await page.getByRole('link', { name: boris.username }).getByText('So it was he').waitFor();
    expect(complaints).toEqual([]);
  });

  test('are shown by the keyboard, and told to those who listen only as hidden', async () => {
    const { page, boris, chatId } = await told(['before']);
    await openChatOnPage(page, boris.username);
    await bubbles(page, 'before').waitFor();
    await sendText(server, boris, chatId, secret);
    await page.locator('[aria-live="polite"]').getByText(`${boris.username}: It was hidden text.`).waitFor();
    const spoiler = page.getByRole('button', { name: 'Spoiler, press to show' });
    await spoiler.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'a spade' }).waitFor();
    // What is shown next is where the focus was.
    await page.keyboard.press('Tab');
    const link = page.getByRole('link', { name: 'a spade' });
    expect(await hasFocus(link)).toBe(true);
  });
});

describe('code', () => {
  const code = "const dry = beds.filter((bed) => bed.moisture < 0.3)\nawait open('8 min')";

  test('gets its colours without a jump, in a worker that is read only then', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    // The service worker would read it ahead.
    const { page, complaints } = await openTab(server.url, { serviceWorkers: 'block' });
    const scripts: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('highlight-worker')) scripts.push(request.url());
    });
    // The worker waits until it is let through.
    const { promise: asked, resolve: letThrough } = Promise.withResolvers<void>();
    await page.route('**/highlight-worker*', async (route) => {
      await asked;
      await route.continue();
    });
    await sendText(server, boris, chatId, '```\nno language\n```');
    await signInOnPage(page, anna);
    await openChatOnPage(page, boris.username);
    await bubbles(page, 'no language').waitFor();
    expect(scripts).toEqual([]);
    await sendText(server, boris, chatId, `\`\`\`ts\n${code}\n\`\`\``);
    const block = bubbles(page, 'const dry').locator('pre');
    await block.waitFor();
    const before = await sizeOf(block);
    expect(await block.locator('span').count()).toBe(0);
    letThrough();
    const keyword = block.locator('span', { hasText: /^const$/ });
    await keyword.waitFor();
    expect(await sizeOf(block)).toEqual(before);
    expect(await block.textContent()).toBe(code);
    expect(await lookOf(keyword, 'color')).not.toBe(await lookOf(block, 'color'));
    expect(scripts).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  test('is copied by its button, letter by letter', async () => {
    const { page, boris } = await told([`\`\`\`ts\n${code}\n\`\`\``], {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await openChatOnPage(page, boris.username);
    await page.getByRole('button', { name: 'Copy code' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(code);
  });
});

test('one to three emoji alone are large and stand on no bubble; a word among them makes a text', async () => {
  const { page, boris } = await told(['🌱', '👍🏽 ❤️ 🎉', 'yes 🌱']);
  await openChatOnPage(page, boris.username);
  const look = async (text: string): Promise<{ size: number; ground: string }> => {
    const shown = bubbles(page, text).getByText(text, { exact: true });
    const bubble = shown.locator('xpath=ancestor::article/div').last();
    return {
      size: Number.parseFloat(await lookOf(shown, 'fontSize')),
      ground: await lookOf(bubble, 'backgroundColor'),
    };
  };
  const [one, three, text] = [await look('🌱'), await look('👍🏽❤️🎉'), await look('yes 🌱')];
  expect(one.size).toBeGreaterThan(three.size);
  expect(three.size).toBeGreaterThan(2 * text.size);
  expect([one.ground, three.ground]).toEqual(['rgba(0, 0, 0, 0)', 'rgba(0, 0, 0, 0)']);
  expect(text.ground).not.toBe('rgba(0, 0, 0, 0)');
});

describe('a long message', () => {
  const long = Array.from({ length: 70 }, (_, index) => `line ${index + 1} of many`).join('\n');

  test('is folded; unfolded and folded, it stays where it is read', async () => {
    const others = Array.from({ length: 90 }, (_, index) => `around ${index}`);
    const { page, boris, chatId } = await told([...others.slice(0, 20), long, ...others.slice(20)]);
    await page.goto(`${server.url}/c/${chatId}/21`);
    const row = bubbles(page, 'line 1 of many');
    const more = row.getByRole('button', { name: 'Show more' });
    await more.waitFor();
    await expect.poll(async () => (await row.boundingBox())?.height).toBeLessThan(700);
    const log = page.getByRole('region', { name: 'Messages' });
    await log.evaluate((element, top) => element.scrollBy(0, top - 150), await topOf(row));
    // What is pressed is brought into view first.
    await more.click({ trial: true });
    const before = await topOf(row);
    await more.click();
    const less = row.getByRole('button', { name: 'Show less' });
    await less.waitFor();
    expect(await movedFrom(before, row)).toBeLessThanOrEqual(1);

    // At its end, the button stays under the pointer.
    await less.scrollIntoViewIfNeeded();
    const button = await topOf(less);
    await less.click();
    await more.waitFor();
    expect(await movedFrom(button, more)).toBeLessThanOrEqual(1);
    // The keyboard stays there too.
    expect(await hasFocus(more)).toBe(true);

    // Unfolded, it is so when one comes back to it, and after an edit.
    await more.click();
    await page.getByRole('button', { name: /^Jump to the newest/ }).click();
    await bubbles(page, 'around 89').waitFor();
    await row.waitFor({ state: 'detached' });
    const json = { text: `${long}\nand one more` };
    await ask(server, 'PATCH', `/messages/${chatId}/21`, { token: boris.token, json });
    await expect
      .poll(async () => {
        await log.evaluate((element) => element.scrollBy(0, -300));
        return row.count();
      })
      .toBe(1);
    await less.waitFor();
    await row.getByText('and one more').waitFor();
  });

  test('the newest is unfolded downwards', async () => {
    const { page, boris } = await told([...Array.from({ length: 20 }, (_, index) => `around ${index}`), long]);
    await openChatOnPage(page, boris.username);
    await page.getByRole('region', { name: 'Messages' }).evaluate((element) => element.scrollTo(0, 1e6));
    const row = bubbles(page, 'line 1 of many');
    await row.getByRole('button', { name: 'Show more' }).click({ trial: true });
    const before = await topOf(row);
    await row.getByRole('button', { name: 'Show more' }).click();
    await row.getByRole('button', { name: 'Show less' }).waitFor();
    expect(await movedFrom(before, row)).toBeLessThanOrEqual(1);
  });
});

/** A moment that there may be, says RFC 3339, and that no browser knows. */
const LEAP = '2026-12-31T23:59:60.000Z';

test('security case 30: a message that cannot be drawn takes no other with it', async () => {
  const { anna, boris, chatId } = await twoPeople(server);
  for (const text of ['the first', 'the poisoned', 'the last']) await sendText(server, boris, chatId, text);
  const carla = await signUp(server, 'carla');
  const other = await openChat(server, anna, carla);
  await sendText(server, carla, other.id, 'the poisoned');
  const { page } = await openTab(server.url);
  await page.route('**/api/v1/**', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(/("text":"the poisoned"[^}]*?"created_at":")[^"]+/g, `$1${LEAP}`);
    await route.fulfill({ response, body });
  });
  await signInOnPage(page, anna);
  for (const { username } of [carla, boris]) await page.getByRole('link', { name: username }).waitFor();
  expect(await page.locator('nav a[data-chat]').count()).toBe(1);
  await openChatOnPage(page, boris.username);
  await page.getByText('This message cannot be shown.').waitFor();
  await bubbles(page, 'the first').waitFor();
  await bubbles(page, 'the last').waitFor();
});

describe('texts from the right', () => {
  test('stand right in the bubble, the list and the field, and the time is in nobody’s way', async () => {
    const { page, boris } = await told(['שלום לכולם\n\n- ראשון\n- שני', 'hello', 'مرحبا بالجميع']);
    const preview = page.getByRole('link', { name: boris.username }).getByText('مرحبا بالجميع');
    await preview.waitFor();
    expect(await lookOf(preview, 'direction')).toBe('rtl');
    await openChatOnPage(page, boris.username);
    expect(await lookOf(bubbles(page, 'שלום').locator('p').first(), 'direction')).toBe('rtl');
    expect(await lookOf(bubbles(page, 'ראשון').locator('ul'), 'direction')).toBe('rtl');
    expect(await lookOf(bubbles(page, 'hello').locator('p'), 'direction')).toBe('ltr');
    const field = page.getByRole('textbox', { name: /^Message / });
    expect(await lookOf(field, 'direction')).toBe('ltr');
    await field.fill('שלום');
    expect(await lookOf(field, 'direction')).toBe('rtl');
    const row = bubbles(page, 'مرحبا');
    const [text, time] = [await row.locator('p').boundingBox(), await row.locator('time').boundingBox()];
    expect((text?.y ?? 0) + (text?.height ?? 0)).toBeLessThanOrEqual((time?.y ?? 0) + 1);
  });

  test('an interface from the right begins at the right', async () => {
    const { page, boris } = await told(['hello']);
    await openChatOnPage(page, boris.username);
    await page.evaluate(`document.documentElement.dir = 'rtl'`);
    const [list, main] = [await page.locator('nav').boundingBox(), await page.locator('main').boundingBox()];
    expect(list?.x).toBeGreaterThan(main?.x ?? Infinity);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});

/** On the narrowest phone and, at the same number of CSS pixels, at 200 % on a small screen. */
describe.each([
  { locale: 'en-GB', newChat: 'New chat', filter: 'Groups', details: 'Details', keys: 'Keys' },
  { locale: 'ru-RU', newChat: 'Новый чат', filter: 'Группы', details: 'О чате', keys: 'Клавиши' },
])('at 320 px, $locale', ({ locale }) => {
  test('no screen scrolls sideways, whatever people write', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
    await ask(server, 'PATCH', '/users/me', { token: boris.token, json: { display_name: word } });
    const json = { name: `${word} שלום`, members: [boris.id] };
    const group = (await ask(server, 'POST', '/groups/', { token: anna.token, json })).body as { id: number };
    const texts = [
      word.repeat(4),
      `**${word}** \`${word}\` ||${word}||`,
      `- ${word}\n- שלום\n> ${word}`,
      `https://sad.example/${word.repeat(2)}`,
      `\`\`\`ts\nconst ${word} = '${word}'\n\`\`\``,
      '👍🏽❤️🎉',
      `${word}\n`.repeat(40),
      'שלום '.repeat(60),
    ];
    for (const text of texts) {
      await sendText(server, boris, chatId, text);
      await sendText(server, boris, group.id, text);
    }
    for (const emoji of ['👍', '❤️', '😂', '🎉', '😮', '😢', '🌱', '👏']) {
      const path = `/messages/${group.id}/6/reactions/${encodeURIComponent(emoji)}`;
      await ask(server, 'PUT', path, { token: anna.token });
    }
    const { page } = await openTab(server.url, { locale, viewport: { width: 320, height: 640 } });
    const inputs = page.locator('form input');
    await inputs.first().waitFor();
    expect(await sideways(page)).toEqual([]);
    await inputs.nth(0).fill(anna.username);
    await inputs.nth(1).fill(anna.password);
    await page.keyboard.press('Enter');
    await page.locator(`[data-chat="${group.id}"]`).waitFor();
    expect(await sideways(page)).toEqual([]);
    for (const id of [chatId, group.id]) {
      await page.goto(`${server.url}/c/${id}`);
      await page.getByRole('article').first().waitFor();
      const log = page.getByRole('article').first().locator('xpath=ancestor::*[@role="region"]');
      for (let step = 0; step < 4; step += 1) {
        expect(await sideways(page)).toEqual([]);
        await log.evaluate((element) => element.scrollBy(0, 560));
      }
      await page.locator('header button[aria-pressed]').click();
      await page.locator('aside h2').waitFor();
      expect(await sideways(page)).toEqual([]);
    }
    const panel = page.locator('aside');
    for (const button of await panel.getByRole('button').all()) {
      if (!(await button.isVisible()) || (await button.locator('xpath=ancestor::li').count()) > 0) continue;
      await button.click();
      const dialog = page.getByRole('dialog');
      if (!(await dialog.isVisible())) break;
      expect(await sideways(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    }
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox');
    await field.fill(word.slice(0, 30));
    await page.getByRole('option').first().waitFor();
    expect(await sideways(page)).toEqual([]);
    await field.fill(word.repeat(3));
    expect(await sideways(page)).toEqual([]);
  });
});

/** What is wider than the screen or reaches beyond it, or scrolls sideways without being meant to. */
async function sideways(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const found = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
    const cutWithAMark = (element) =>
      element !== null && (getComputedStyle(element).textOverflow === 'ellipsis' || cutWithAMark(element.parentElement));
    for (const element of document.querySelectorAll('body *')) {
      const { left, right, width, height } = element.getBoundingClientRect();
      // Code scrolls by itself, and what one does to a message is not there on the screen of a phone until it is wanted.
      if (width === 0 || height === 0 || element.closest('pre, svg, .hidden, [role="group"]') !== null) continue;
      const { visibility, overflowX } = getComputedStyle(element);
      if (visibility === 'hidden') continue;
      const name = element.localName + '.' + element.className;
      const beyond = left < -1 || right > innerWidth + 1;
      if (beyond && !cutWithAMark(element.parentElement)) found.push(name + ': ' + left + ' to ' + right);
      const wide = element.scrollWidth > element.clientWidth + 1;
      if (overflowX === 'auto' && wide && element.localName !== 'textarea') found.push(name + ' scrolls');
    }
    return found.slice(0, 5);
  })()`);
}
