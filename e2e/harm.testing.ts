import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Person } from '../packages/server/testing/api-client.ts';
import { signInOnPage } from './chat-page.testing.ts';
import type { OpenTab } from './tabs.testing.ts';

/** A page, and all that should never happen on it. */
export async function watched(
  openTab: OpenTab,
  server: { url: string },
  person: Person,
): Promise<{ page: Page; harm: string[] }> {
  const { page, complaints: harm } = await openTab('about:blank', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await page.addInitScript('globalThis.canary = () => console.error("the canary was called")');
  page.on('dialog', (dialog) => {
    harm.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.context().on('page', (opened) => harm.push(`a page was opened: ${opened.url()}`));
  page.context().on('request', (request) => {
    if (!request.url().startsWith(server.url)) harm.push(`request: ${request.url()}`);
  });
  page.on('framenavigated', (frame) => {
    if (!frame.url().startsWith(server.url)) harm.push(`went to ${frame.url()}`);
  });
  await page.goto(server.url);
  await signInOnPage(page, person);
  return { page, harm };
}

/** What of the page's elements no one who wrote it has put there. */
export async function foreignElements(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const known = new Set(
      ('html head body meta title link script noscript div span p a bdi i b u s em strong del code pre ul ol li br ' +
        'blockquote button input textarea form label nav main aside section header footer article svg path time img ' +
        'small h1 h2 h3 kbd dl dt dd search fieldset legend').split(' '),
    );
    const schemes = new Set(['http:', 'https:', 'mailto:', 'tel:']);
    return [...document.querySelectorAll('*')].flatMap((element) => {
      const name = element.localName;
      const found = [];
      if (!known.has(name) || element.closest('article :is(script, meta, link, form, input, textarea, img)') !== null) {
        found.push('<' + name + '>');
      }
      for (const attribute of element.attributes) {
        if (/^(?:on|srcdoc|formaction)/i.test(attribute.name)) found.push(name + ' ' + attribute.name);
      }
      if (name === 'a' && !schemes.has(element.protocol)) found.push(element.href);
      if (name === 'script' && !element.getAttribute('src')?.startsWith('/assets/')) found.push('a script');
      return found;
    });
  })()`);
}

export async function harmless(page: Page, harm: readonly string[]): Promise<void> {
  expect(await foreignElements(page)).toEqual([]);
  expect(await page.title()).toMatch(/^(?:\(\d+\) )?Beseda$/);
  expect(harm).toEqual([]);
}
