import { openChat, signUp, type Person } from '../packages/server/testing/api-client.ts';
import type { Page } from 'playwright-core';

/** The web client as people use it: by what they see and read. */

export async function signInOnPage(page: Page, { username, password }: { username: string; password: string }) {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Chats' }).waitFor();
}

/** Opens a chat of the list. */
export async function openChatOnPage(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name }).click();
  await page.getByRole('heading', { name, level: 2 }).first().waitFor();
}

export async function writeOnPage(page: Page, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: /^Message / });
  await field.fill(text);
  await field.press('Enter');
}

/** The messages on the screen with this text. */
export function bubbles(page: Page, text: string | RegExp) {
  return page.getByRole('article').filter({ hasText: text });
}

/** Two people with a personal chat, in which nothing is said yet. */
export async function twoPeople(server: { url: string }): Promise<{ anna: Person; boris: Person; chatId: number }> {
  const [anna, boris] = [await signUp(server, 'anna'), await signUp(server, 'boris')];
  return { anna, boris, chatId: (await openChat(server, anna, boris)).id };
}
