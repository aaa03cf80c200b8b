import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, createGroup, openChat, sendText, signUp, type Person } from '../packages/server/testing/api-client.ts';
import { createTestClock, startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles } from './chat-page.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();

const DAY = 86_400;
const NOON = Date.UTC(2026, 5, 15, 12);
/** A clock of the server that begins ten days before that. */
const clock = createTestClock(new Date(NOON - 10 * DAY * 1000));
const RUSSIAN = { locale: 'ru-RU', timezoneId: 'UTC', viewport: { width: 1440, height: 900 } };

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ accessTokenLifetime: 100 * DAY }, { clock }, WEB_FOLDER);
});
afterAll(async () => {
  await server.stop();
});

const fieldOf = (page: Page) => page.getByRole('textbox', { name: /^Сообщение: / });

async function signInInRussian(page: Page, { username, password }: Person): Promise<void> {
  await page.getByLabel('Имя пользователя').fill(username);
  await page.getByLabel('Пароль', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.getByRole('navigation', { name: 'Чаты' }).waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await fieldOf(page).fill(text);
  await fieldOf(page).press('Enter');
}

/** Words of the interface that are left in another language: what people write is in Cyrillic here, but their names. */
async function latinWords(page: Page): Promise<string[]> {
  const texts = await page.evaluate<string[]>(`[...document.querySelectorAll('body :not(noscript)')]
    .filter((element) => element.closest('[lang]') === document.documentElement)
    .flatMap((element) => [
      ...[...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data),
      ...['aria-label', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name) ?? ''),
    ])`);
  const foreign = texts.filter((text) => /[a-z]{2}/i.test(text.replace(/Beseda|[a-z]+-\d+|Shift|Enter|Ctrl/gi, '')));
  return [...new Set(foreign)];
}

test.each(['light', 'dark'] as const)(
  'the browser’s language is the page’s: one registers, writes, answers, changes and deletes in Russian, %s',
  async (colorScheme) => {
    const boris = await signUp(server, 'boris');
    const { page, complaints } = await openTab(server.url, { ...RUSSIAN, colorScheme });
    await page.getByRole('button', { name: 'Создать аккаунт' }).click();
    expect(await page.getAttribute('html', 'lang')).toBe('ru');
    await page.getByLabel('Имя пользователя').fill(boris.username);
    await page.getByLabel('Эл. почта').fill(`anna-${colorScheme}@example.com`);
    await page.getByLabel('Пароль', { exact: true }).fill('password123');
    await page.getByRole('button', { name: 'Создать аккаунт' }).click();
    await page.getByText('Это имя занято.').waitFor();
    expect(await latinWords(page)).toEqual([]);
    await page.getByLabel('Имя пользователя').fill(`anna-${colorScheme === 'dark' ? 1001 : 1002}`);
    await page.getByRole('button', { name: 'Создать аккаунт' }).click();
    await page.getByText('Чатов пока нет.').waitFor();
    const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    expect(Number(/\d+/.exec(ground)?.[0]) < 128).toBe(colorScheme === 'dark');

    await page.getByRole('button', { name: 'Новый чат' }).first().click();
    await page.getByRole('searchbox', { name: 'Найти людей' }).fill(boris.username);
    await page.getByRole('button', { name: boris.username }).click();
    await page.getByText('Отсюда всё начинается.').waitFor();
    await say(page, 'Привет');
    await bubbles(page, 'Привет').getByRole('img', { name: 'Отправлено' }).waitFor();
    await fieldOf(page).press('ArrowUp');
    await page.getByText('Изменение').waitFor();
    await say(page, 'Добрый день');
    await bubbles(page, 'Добрый день').getByText('изменено').waitFor();
    await bubbles(page, 'Добрый день').click({ button: 'right' });
    expect(await latinWords(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Ответить' }).click();
    await say(page, 'Ау');
    await bubbles(page, 'Ау').filter({ hasText: 'Добрый день' }).getByRole('img', { name: 'Отправлено' }).waitFor();
    await bubbles(page, 'Ау').last().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Удалить' }).click();
    await bubbles(page, 'Сообщение удалено').waitFor();
    await page.getByRole('button', { name: 'Вернуть' }).click();
    await bubbles(page, 'Ау').last().waitFor();
    await page.getByRole('button', { name: 'Поиск в этом чате' }).click();
    await page.getByRole('searchbox', { name: 'Поиск в этом чате' }).fill('ДОБРЫЙ');
    await page.getByText('1 из 1').waitFor();
    expect(await latinWords(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+,');
    await page.getByRole('dialog', { name: 'Настройки' }).getByText('Это устройство').waitFor();
    expect((await latinWords(page)).filter((text) => !/Chrom|Linux/.test(text))).toEqual([]);
    // The browser calls a name that is taken an error; the page has told of it.
    expect(complaints).toEqual([expect.stringContaining('status of 400')]);
  },
);

test('numbers and days are as Russian has them', async () => {
  const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
  const others: Person[] = [];
  for (let count = 0; count < 5; count += 1) others.push(await signUp(server, 'other'));
  const group = await createGroup(server, boris, [anna, ...others.slice(0, 3)]);
  const { id: first } = await sendText(server, boris, group.id, 'давно');
  clock.advance(9 * DAY);
  await sendText(server, boris, group.id, 'вчера');
  clock.advance(DAY);
  for (const [index, count] of [1, 2, 5, 21].entries()) {
    const other = others[index] ?? boris;
    const chat = await openChat(server, anna, other);
    for (let nth = 0; nth < count; nth += 1) await sendText(server, other, chat.id, `письмо ${nth}`);
  }
  const { page, complaints } = await openTab(server.url, RUSSIAN);
  await page.clock.setFixedTime(NOON);
  await signInInRussian(page, anna);
  for (const [index, text] of [
    '1 непрочитанное сообщение',
    '2 непрочитанных сообщения',
    '5 непрочитанных сообщений',
    '21 непрочитанное сообщение',
  ].entries()) {
    const row = page.getByRole('link', { name: others[index]?.username ?? '' });
    await row.getByText(text, { exact: true }).waitFor();
  }
  await page.getByRole('link', { name: group.name }).click();
  const head = page.getByRole('main').locator('header');
  await head.getByText(/^5 участников/).waitFor();
  for (const { id } of others.slice(2, 3)) {
    await ask(server, 'DELETE', `/groups/${group.id}/members/${id}`, { token: boris.token });
  }
  await head.getByText(/^4 участника/).waitFor();
  for (const [index, text] of ['👍, 1 человек', '👍, 2 человека'].entries()) {
    await ask(server, 'PUT', `/messages/${group.id}/${first}/reactions/👍`, { token: others[index]?.token });
    await page.getByRole('button', { name: text }).waitFor();
  }
  const log = page.getByRole('region', { name: 'Сообщения' });
  await log.getByText('Вчера', { exact: true }).waitFor();
  await log.getByText('пятница, 5 июня', { exact: true }).waitFor();
  await page.getByTitle('Перейти к дате').last().click();
  await page.getByRole('dialog').getByRole('heading', { name: 'июнь' }).waitFor();
  // A Russian week begins on Monday.
  expect(await page.getByRole('columnheader').first().textContent()).toMatch(/^пн/i);
  expect(complaints).toEqual([]);
});

test('the language is changed in the settings without the page being loaded anew, and nothing is lost by it', async () => {
  const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
  const chat = await openChat(server, anna, boris);
  await sendText(server, boris, chat.id, 'Hello');
  const { page, complaints } = await openTab(`${server.url}/c/${chat.id}`, RUSSIAN);
  await signInInRussian(page, anna);
  await fieldOf(page).fill('half a thought');
  await page.evaluate('globalThis.same = true');
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Настройки' }).getByRole('radio', { name: 'English' }).check();
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('navigation', { name: 'Chats' }).waitFor();
  expect(await page.getByRole('textbox', { name: /^Message / }).inputValue()).toBe('half a thought');
  expect(await page.getAttribute('html', 'lang')).toBe('en');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to' }).fill('русский');
  await page.getByRole('option', { selected: true }).filter({ hasText: 'Русский' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Чаты' }).waitFor();
  expect(await fieldOf(page).inputValue()).toBe('half a thought');
  expect(await page.evaluate('globalThis.same')).toBe(true);
  expect(complaints).toEqual([]);
});
