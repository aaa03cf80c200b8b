import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, createGroup, signUp, type Person } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { bubbles, openChatOnPage, signInOnPage, writeOnPage } from './chat-page.testing.ts';
import { kept } from './kept-data.testing.ts';
import { useBrowser } from './tabs.testing.ts';
import { WEB_FOLDER } from './web-client.testing.ts';

const openTab = useBrowser();
const DESKTOP = { viewport: { width: 1440, height: 900 } };

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({}, undefined, WEB_FOLDER);
});
afterAll(async () => {
  await server.stop();
});

/** Three people, each at a browser of their own, with a group of Anna's open. */
async function threeAtOnce() {
  const people: Person[] = [];
  for (const name of ['anna', 'boris', 'vera']) people.push(await signUp(server, name));
  const [anna, boris, vera] = people as [Person, Person, Person];
  const group = await createGroup(server, anna, [boris, vera]);
  const complaints: string[][] = [];
  const pageOf = async (person: Person): Promise<Page> => {
    const tab = await openTab(server.url, DESKTOP);
    complaints.push(tab.complaints);
    await signInOnPage(tab.page, person);
    await openChatOnPage(tab.page, group.name);
    await fieldOf(tab.page).waitFor();
    return tab.page;
  };
  const [hers, his, veras] = [await pageOf(anna), await pageOf(boris), await pageOf(vera)];
  return { anna, boris, vera, group, hers, his, veras, complaints };
}

const fieldOf = (page: Page): Locator => page.getByRole('textbox', { name: /^Message / });
const headOf = (page: Page): Locator => page.getByRole('main').locator('header');
const panelOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Details' });
const menuOf = async (page: Page, text: string, choice: string): Promise<void> => {
  await bubbles(page, text).click({ button: 'right' });
  await page.getByRole('menuitem', { name: choice }).click();
  await page.getByRole('menu').waitFor({ state: 'hidden' });
};

/** Which of these stand in a chat, in their order. */
async function order(page: Page): Promise<string[]> {
  return (await page.getByRole('article').allTextContents()).map((text) => /mint|Yes|No/.exec(text)?.[0] ?? text);
}

test('three in a group see each other there, typing, reading, reacting and changing what they wrote', async () => {
  const { anna, boris, vera, hers, his, veras, complaints } = await threeAtOnce();
  for (const page of [hers, his, veras]) await headOf(page).getByText('3 members, 3 online').waitFor();

  await fieldOf(his).pressSequentially('He');
  await headOf(hers).getByText(`${boris.username} is typing…`).waitFor();
  // The server tells who types once a second, by its own clock.
  server.clock.advance(2);
  await fieldOf(veras).pressSequentially('Ve');
  await headOf(hers).getByText(`${boris.username} and ${vera.username} are typing…`).waitFor();
  server.clock.advance(2);
  await fieldOf(veras).fill('');
  await writeOnPage(his, 'Shall we plant the basil?');
  for (const page of [hers, veras]) await bubbles(page, 'basil').waitFor();
  await headOf(hers).getByText('3 members, 3 online').waitFor();
  await bubbles(his, 'basil').getByRole('img', { name: 'Read' }).waitFor();
  await menuOf(his, 'basil', 'Read by');
  const readers = his.getByRole('dialog', { name: 'Read by 2 people' });
  for (const { username } of [anna, vera]) await readers.getByText(username).waitFor();
  await his.keyboard.press('Escape');
  await readers.waitFor({ state: 'hidden' });

  await menuOf(hers, 'basil', 'React with 👍');
  await bubbles(veras, 'basil').getByRole('button', { name: '👍, 1 person' }).click();
  for (const page of [hers, his, veras]) {
    await bubbles(page, 'basil').getByRole('button', { name: '👍, 2 people' }).waitFor();
  }
  await bubbles(veras, 'basil').getByRole('button', { name: '👍, 2 people' }).click();
  for (const page of [hers, his]) await bubbles(page, 'basil').getByRole('button', { name: '👍, 1 person' }).waitFor();

  await fieldOf(his).press('ArrowUp');
  await writeOnPage(his, 'Shall we plant the mint?');
  for (const page of [hers, veras]) await bubbles(page, 'mint').getByText('edited').waitFor();
  await Promise.all([writeOnPage(hers, 'Yes'), writeOnPage(veras, 'No')]);
  for (const page of [hers, his, veras]) {
    await bubbles(page, /^Yes|Yes\d/).waitFor();
    await bubbles(page, 'No').waitFor();
  }
  const first = await order(hers);
  for (const page of [his, veras]) expect(await order(page)).toEqual(first);
  expect(complaints.flat()).toEqual([]);
});

test('a new name and new members are seen by all at once; one who is offline is not counted', async () => {
  const { vera, group, hers, his, veras, complaints } = await threeAtOnce();
  await panelOf(hers).getByRole('button', { name: 'Rename' }).click();
  await hers.getByLabel('Group name').fill('Garden council');
  await hers.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  for (const page of [hers, his, veras]) {
    await headOf(page).getByRole('heading', { name: 'Garden council' }).waitFor();
    await panelOf(page).getByRole('heading', { name: 'Garden council' }).waitFor();
    await page.getByRole('link', { name: 'Garden council' }).waitFor();
    await page.getByRole('textbox', { name: 'Message Garden council' }).waitFor();
  }
  const zoe = await signUp(server, 'zoe');
  await ask(server, 'POST', `/groups/${group.id}/members/${zoe.id}`, { token: vera.token });
  for (const page of [hers, his, veras]) {
    await panelOf(page).getByText(zoe.username).waitFor();
    await headOf(page).getByText('4 members, 3 online').waitFor();
  }
  await veras.close();
  // Who comes and goes is told by the server's own clock.
  await expect
    .poll(async () => {
      server.clock.advance(10);
      return headOf(hers).getByText('4 members, 2 online').count();
    })
    .toBe(1);
  expect(complaints.flat()).toEqual([]);
});

test('who is removed with the chat open is told so, keeps nothing of it, and is back once added again', async () => {
  const { boris, group, hers, his, veras, complaints } = await threeAtOnce();
  await writeOnPage(hers, 'before');
  await bubbles(his, 'before').waitFor();
  await fieldOf(his).fill('half a thought');
  await panelOf(hers)
    .getByRole('button', { name: `Actions for ${boris.username}` })
    .click();
  await hers.getByRole('menuitem', { name: 'Remove from the group' }).click();
  await hers.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();

  await his.getByText('There is no such chat, or you are not in it.').waitFor();
  expect(await his.getByText('before').count()).toBe(0);
  expect(await fieldOf(his).count()).toBe(0);
  // He was writing in what is gone.
  await his
    .locator('button:focus')
    .and(his.getByRole('button', { name: 'To the chats' }))
    .waitFor();
  await expect.poll(async () => his.getByRole('link', { name: group.name }).count()).toBe(0);
  for (const page of [hers, veras]) {
    await expect.poll(async () => panelOf(page).getByText(boris.username).count()).toBe(0);
    await headOf(page).getByText('2 members, 2 online').waitFor();
  }
  await writeOnPage(veras, 'while he is away');
  await bubbles(hers, 'while he is away').waitFor();
  await expect.poll(async () => (await kept(his))['chats'], { timeout: 10_000 }).not.toContain('before');
  await his.reload();
  await his.getByText('There is no such chat, or you are not in it.').waitFor();

  await panelOf(veras).getByRole('button', { name: 'Add people' }).click();
  await veras.getByRole('searchbox').fill(boris.username);
  await veras.getByRole('dialog').getByRole('button', { name: boris.username }).click();
  await veras.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  await bubbles(his, 'before').waitFor();
  await his.getByRole('link', { name: group.name }).waitFor();
  expect(await fieldOf(his).inputValue()).toBe('half a thought');
  await writeOnPage(his, 'back again');
  for (const page of [hers, veras]) await bubbles(page, 'back again').waitFor();
  expect(complaints.flat()).toEqual([]);
});

test('who leaves is gone for the others, and finds the group again when they are added', async () => {
  const { boris, group, hers, his, veras, complaints } = await threeAtOnce();
  await writeOnPage(hers, 'before');
  await bubbles(his, 'before').waitFor();
  await panelOf(his).getByRole('button', { name: 'Leave group' }).click();
  await his.getByRole('alertdialog').getByRole('button', { name: 'Leave group' }).click();
  await his.getByText(`You left “${group.name}”.`).waitFor();
  for (const page of [hers, veras]) {
    await headOf(page).getByText('2 members, 2 online').waitFor();
    await expect.poll(async () => panelOf(page).getByText(boris.username).count()).toBe(0);
  }
  await panelOf(hers).getByRole('button', { name: 'Add people' }).click();
  await hers.getByRole('searchbox').fill(boris.username);
  await hers.getByRole('dialog').getByRole('button', { name: boris.username }).click();
  await hers.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
  for (const page of [hers, veras]) await headOf(page).getByText('3 members, 3 online').waitFor();
  await writeOnPage(hers, 'welcome back');
  await openChatOnPage(his, group.name);
  await bubbles(his, 'welcome back').waitFor();
  expect(complaints.flat()).toEqual([]);
});
