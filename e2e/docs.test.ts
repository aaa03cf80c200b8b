import { createGroup, signUp } from '../packages/server/testing/api-client.ts';
import { startTestServer, type TestServer } from '../packages/server/testing/test-server.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useBrowser } from './tabs.testing.ts';

const openTab = useBrowser();

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.stop();
});

describe('/docs', () => {
  test('one signs in with a username and a password, and calls the API from the page', async () => {
    const anna = await signUp(server, 'anna');
    const group = await createGroup(server, anna);
    const { page, complaints } = await openTab(`${server.url}/docs`);

    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.modal-ux');
    // It opens where one types, and asks for nothing that this server does not want.
    await expect.poll(() => page.evaluate('document.activeElement?.id')).toBe('oauth_username');
    expect(await dialog.locator('input:visible, select:visible').count()).toBe(3);
    await dialog.getByLabel('username').fill(anna.username);
    await dialog.getByLabel('password').fill(anna.password);
    await dialog.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    await dialog.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    const operation = page.locator('.opblock').filter({ hasText: 'My chats' });
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table');
    await answer.waitFor();
    expect(await answer.locator('.response .response-col_status').textContent()).toContain('200');
    await expect.poll(() => answer.locator('.response .response-col_description').textContent()).toContain(group.name);

    // What the page offers to send is taken as it stands.
    for (const [summary, status] of [
      ['Send a message', '201'],
      ['History', '200'],
    ] as const) {
      const block = page
        .locator('.opblock')
        .filter({ has: page.locator('.opblock-summary-description', { hasText: new RegExp(`^${summary}$`) }) });
      await block.locator('.opblock-summary-control').click();
      await block.getByRole('button', { name: 'Try it out' }).click();
      await block.getByPlaceholder('chat_id').fill(String(group.id));
      await block.getByRole('button', { name: 'Execute' }).click();
      const reply = block.locator('.live-responses-table');
      await reply.waitFor();
      expect(await reply.locator('.response .response-col_status').textContent()).toContain(status);
    }
    expect(complaints).toEqual([]);
  });

  test('there is no logo of another, nor an address bar', async () => {
    const { page } = await openTab(`${server.url}/docs`);
    await page.getByRole('heading', { name: 'Beseda' }).waitFor();
    expect(await page.locator('.topbar').count()).toBe(0);
    expect(await page.getByText('/docs/json').isVisible()).toBe(false);
    expect(await page.getByRole('link', { name: '/openapi.json' }).isVisible()).toBe(true);
  });
});
