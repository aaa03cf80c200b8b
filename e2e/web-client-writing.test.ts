import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGroup, openChat, sendText, signUp } from '../packages/server/testing/api-client.ts';
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

const fieldOf = (page: Page) => page.getByRole('textbox', { name: /^Message / });

/** What the field names as chosen, as those hear it who do not see it. */
async function activeText(page: Page): Promise<string | null> {
  const id = await fieldOf(page).getAttribute('aria-activedescendant');
  return id === null ? null : page.locator(`[id="${id}"]`).textContent();
}

describe('mentions', () => {
  test('a name is completed by the keys alone, stands out when it is sent, and leads to the person', async () => {
    const { anna, boris } = await twoPeople(server);
    const vera = await signUp(server, 'vera');
    const group = await createGroup(server, anna, [boris, vera]);
    const { page, complaints } = await openTab(`${server.url}/c/${group.id}`);
    await signInOnPage(page, anna);
    const options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option');
    await fieldOf(page).focus();
    await page.keyboard.type('Ask @');
    await expect.poll(() => options.count()).toBe(2);
    await page.getByText('2 suggestions. Arrows choose, Enter takes.').waitFor({ state: 'attached' });
    const first = await activeText(page);
    await page.keyboard.press('ArrowDown');
    expect(await activeText(page)).not.toBe(first);
    await page.keyboard.press('ArrowDown');
    expect(await activeText(page)).toBe(first);
    await page.keyboard.type('vera');
    await expect.poll(() => options.count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(await fieldOf(page).inputValue()).toBe(`Ask @${vera.username} `);
    await options.first().waitFor({ state: 'detached' });
    await page.keyboard.type('or `@x` @');
    await page.keyboard.press('Escape');
    await options.first().waitFor({ state: 'detached' });
    await page.keyboard.press('Backspace');
    await page.keyboard.type(`@${boris.username.slice(0, 4)}`);
    await options.first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const message = bubbles(page, 'Ask');
    await message.getByRole('button', { name: `@${boris.username}` }).waitFor();

    await message.getByRole('button', { name: `@${vera.username}` }).click();
    await page.getByRole('dialog', { name: vera.username }).getByRole('button', { name: 'Write a message' }).click();
    await page.getByRole('heading', { name: vera.username, level: 2 }).first().waitFor();
    await fieldOf(page).pressSequentially('@');
    await expect.poll(() => options.allTextContents()).toEqual([expect.stringContaining(vera.username)]);
    expect(complaints).toEqual([]);
  });

  test('the pointer takes one; Esc closes the list and leaves the answer that is being written', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    await sendText(server, boris, chatId, 'Shall we?');
    const { page } = await openTab(`${server.url}/c/${chatId}`);
    await signInOnPage(page, anna);
    await bubbles(page, 'Shall we?').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Reply' }).click();
    await page.getByText('Reply to').waitFor();
    await fieldOf(page).pressSequentially('@bo');
    await page.getByRole('option').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('option').waitFor({ state: 'detached' });
    await page.getByText('Reply to').waitFor();
    await fieldOf(page).fill('');
    await fieldOf(page).pressSequentially('Yes, @bo');
    await page.getByRole('option').click();
    expect(await fieldOf(page).inputValue()).toBe(`Yes, @${boris.username} `);
    await page.keyboard.press('Enter');
    await bubbles(page, 'Yes, @').getByText('Shall we?').waitFor();
  });

  test('a chat in which one is mentioned is marked until that is read; code mentions nobody', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    const group = await createGroup(server, anna, [boris]);
    await sendText(server, boris, chatId, `see \`@${anna.username}\` in the code`);
    await sendText(server, boris, group.id, `What does @${anna.username.toUpperCase()} say?`);
    const { page } = await openTab(server.url);
    await signInOnPage(page, anna);
    const row = page.getByRole('link', { name: group.name });
    await row.getByText('You are mentioned').waitFor();
    const other = page.getByRole('link', { name: new RegExp(`^${boris.username}`) });
    await other.getByText('1 unread message').waitFor();
    expect(await page.getByText('You are mentioned').count()).toBe(1);
    await row.click();
    await bubbles(page, 'What does')
      .getByRole('button', { name: `@${anna.username}` })
      .waitFor();
    await expect.poll(() => page.getByText('You are mentioned').count()).toBe(0);
  });
});

describe('emoji', () => {
  test('short names complete in English and in Russian; what is no name stays what it is', async () => {
    const { anna, chatId } = await twoPeople(server);
    const { page, complaints } = await openTab(`${server.url}/c/${chatId}`);
    await signInOnPage(page, anna);
    await fieldOf(page).pressSequentially(':tad');
    await page.getByRole('option', { name: 'party popper' }).waitFor();
    await page.keyboard.press('Enter');
    await fieldOf(page).pressSequentially(':сердц');
    await page.getByRole('option', { name: 'red heart' }).click();
    await fieldOf(page).pressSequentially(':) :D at 12:30');
    expect(await page.getByRole('option').count()).toBe(0);
    await page.keyboard.press('Enter');
    await page.getByText('🎉 ❤️ :) :D at 12:30').last().waitFor();
    expect(complaints).toEqual([]);
  });

  test('by the keys alone one is searched, chosen in a tone, put where one writes, and remembered', async () => {
    const { anna, chatId } = await twoPeople(server);
    const { page, complaints } = await openTab(`${server.url}/c/${chatId}`);
    await signInOnPage(page, anna);
    const picker = page.getByRole('dialog', { name: 'Emoji' });
    const open = async (): Promise<void> => {
      await fieldOf(page).focus();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page
        .locator('input:focus')
        .and(page.getByRole('combobox', { name: 'Search emoji' }))
        .waitFor();
    };
    await fieldOf(page).fill('Good !');
    await fieldOf(page).press('ArrowLeft');
    await open();
    await picker.getByRole('button', { name: 'Skin tone: none' }).focus();
    await page.keyboard.press('Enter');
    await picker.getByRole('button', { name: 'medium', exact: true }).focus();
    await page.keyboard.press('Enter');
    await picker.getByRole('button', { name: 'Skin tone: medium' }).waitFor();
    await picker.getByRole('combobox').focus();
    await page.keyboard.type('thumbs');
    const chosen = picker.getByRole('gridcell', { selected: true });
    await expect.poll(() => chosen.getAttribute('aria-label')).toBe('thumbs up');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => chosen.getAttribute('aria-label')).toBe('thumbs down');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await picker.waitFor({ state: 'hidden' });
    await page.locator('textarea:focus').waitFor();
    expect(await fieldOf(page).inputValue()).toBe('Good 👍🏽!');
    await page.keyboard.press('Enter');
    await bubbles(page, 'Good 👍🏽!').waitFor();

    await page.reload();
    await bubbles(page, 'Good 👍🏽!').waitFor();
    await open();
    await picker.getByText('Recently used').waitFor();
    await expect.poll(() => chosen.textContent()).toBe('👍🏽');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => chosen.getAttribute('aria-label')).toBe('grinning face');
    for (let pages = 0; pages < 6; pages += 1) await page.keyboard.press('PageDown');
    await expect.poll(() => picker.getByRole('button', { name: 'People' }).getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('Escape');
    await picker.waitFor({ state: 'hidden' });
    await page.locator('textarea:focus').waitFor();
    expect(complaints).toEqual([]);
  });

  test('any of them is a reaction: from the menu, the row of reactions and the tools of a message', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    await sendText(server, boris, chatId, 'It is done');
    const [hers, his] = [await openTab(`${server.url}/c/${chatId}`), await openTab(`${server.url}/c/${chatId}`)];
    await signInOnPage(hers.page, anna);
    await signInOnPage(his.page, boris);
    const message = bubbles(hers.page, 'It is done');
    const picker = hers.page.getByRole('dialog', { name: 'Emoji' });
    const find = async (query: string, label: string): Promise<void> => {
      await picker.getByRole('combobox').fill(query);
      await picker.getByRole('gridcell', { name: label, exact: true }).click();
      await picker.waitFor({ state: 'hidden' });
    };

    await message.focus();
    await hers.page.keyboard.press('+');
    await hers.page.getByRole('menuitem', { name: 'More reactions' }).click();
    await find('rocket', 'rocket');
    await his.page.getByRole('button', { name: '🚀, 1 person' }).waitFor();

    const row = message.getByRole('group', { name: 'Reactions' });
    await row.getByRole('button', { name: 'More reactions' }).click();
    await find('самолёт', 'airplane');
    await his.page.getByRole('button', { name: '✈️, 1 person' }).waitFor();

    await message.hover();
    await message.getByRole('button', { name: 'More reactions' }).last().click();
    await picker.getByRole('button', { name: 'Flags' }).click();
    await picker.getByText('Flags').waitFor();
    await hers.page.keyboard.press('Escape');
    await picker.waitFor({ state: 'hidden' });
    expect([...hers.complaints, ...his.complaints]).toEqual([]);
  });

  test('on a phone they are chosen by the finger, in Russian too, and nothing is cut off', async () => {
    const { anna, chatId } = await twoPeople(server);
    const { page } = await openTab(`${server.url}/c/${chatId}`, {
      viewport: { width: 320, height: 640 },
      hasTouch: true,
      isMobile: true,
      locale: 'ru-RU',
    });
    await page.getByLabel('Имя пользователя').fill(anna.username);
    await page.getByLabel('Пароль', { exact: true }).fill(anna.password);
    await page.getByRole('button', { name: 'Войти' }).tap();
    const field = page.getByRole('textbox', { name: /^Сообщение: / });
    await page.getByRole('button', { name: 'Эмодзи' }).tap();
    const picker = page.getByRole('dialog', { name: 'Эмодзи' });
    await picker.getByRole('gridcell', { name: 'широко улыбается', exact: true }).waitFor();
    const box = await picker.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect(await page.evaluate('document.activeElement.tagName')).not.toBe('INPUT');
    await picker.getByRole('gridcell', { name: 'широко улыбается', exact: true }).tap();
    await picker.waitFor({ state: 'hidden' });
    expect(await field.inputValue()).toBe('😀');
    await field.tap();
    await page.keyboard.type(' :пицц');
    await page.getByRole('option', { name: 'пицца' }).tap();
    expect(await field.inputValue()).toBe('😀 🍕 ');
  });

  test('they are there without a network', async () => {
    const { anna, boris, chatId } = await twoPeople(server);
    await sendText(server, boris, chatId, 'before');
    const { page } = await openTab(`${server.url}/c/${chatId}`);
    await signInOnPage(page, anna);
    await bubbles(page, 'before').waitFor();
    await page.evaluate('navigator.serviceWorker.ready');
    await page.reload();
    await bubbles(page, 'before').waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await page.getByRole('combobox', { name: 'Search emoji' }).fill('огонь');
    await page.getByRole('gridcell', { name: 'fire', exact: true }).click();
    await expect.poll(() => fieldOf(page).inputValue()).toBe('🔥');
  });
});

describe('writing', () => {
  test('a message is on the screen in the next frame, before anything has kept it', async () => {
    const { anna, chatId } = await twoPeople(server);
    const { page } = await openTab(`${server.url}/c/${chatId}`);
    await signInOnPage(page, anna);
    await fieldOf(page).waitFor();
    // What holds the browser's storage for itself until it is let go.
    await page.evaluate(`new Promise((held) => {
      const opening = indexedDB.open('beseda');
      opening.onsuccess = () => {
        const outgoing = opening.result.transaction('outgoing', 'readwrite').objectStore('outgoing');
        const hold = () => {
          if (globalThis.letGo !== true) outgoing.get('nothing').onsuccess = hold;
          else opening.result.close();
          held();
        };
        hold();
      };
    })`);
    await fieldOf(page).fill('At once');
    await page.evaluate(`globalThis.shown = new Promise((resolve) => {
      document.addEventListener('keydown', () => requestAnimationFrame(() => {
        resolve([...document.querySelectorAll('article')].some(({ textContent }) => textContent.includes('At once')));
      }), { capture: true, once: true });
    }); undefined`);
    await fieldOf(page).press('Enter');
    expect(await page.evaluate('globalThis.shown')).toBe(true);
    await bubbles(page, 'At once').getByRole('img', { name: 'Sending' }).waitFor();
    await page.evaluate('globalThis.letGo = true');
    await bubbles(page, 'At once').getByRole('img', { name: 'Sent' }).waitFor();
  });

  test('what is pasted is plain text', async () => {
    const { anna, chatId } = await twoPeople(server);
    const { page } = await openTab(`${server.url}/c/${chatId}`);
    await signInOnPage(page, anna);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await fieldOf(page).focus();
    await page.evaluate(`navigator.clipboard.write([new ClipboardItem({
      'text/html': new Blob(['<b>Bold</b> and <img src=x onerror=alert(1)>plain'], { type: 'text/html' }),
      'text/plain': new Blob(['Bold and\\nplain'], { type: 'text/plain' }),
    })])`);
    await page.keyboard.press('Control+v');
    await expect.poll(() => fieldOf(page).inputValue()).toBe('Bold and\nplain');
    await page.keyboard.press('Enter');
    await bubbles(page, /Bold and\s*plain/).waitFor();
    expect(await page.locator('article strong').count()).toBe(0);
  });

  test('Alt N begins a new chat', async () => {
    const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
    const chat = await openChat(server, anna, boris);
    const { page } = await openTab(`${server.url}/c/${chat.id}`);
    await signInOnPage(page, anna);
    await fieldOf(page).focus();
    await page.keyboard.press('Alt+n');
    await page.getByRole('dialog').getByRole('searchbox', { name: 'Find people' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await fieldOf(page).inputValue()).toBe('');
    await openChatOnPage(page, boris.username);
    await writeOnPage(page, 'Still here');
    await bubbles(page, 'Still here').waitFor();
  });
});
