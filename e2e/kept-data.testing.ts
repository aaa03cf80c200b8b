import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Until the page's own files are kept, and it would open without a server. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate('navigator.serviceWorker.ready');
}

/** All that IndexedDB keeps, as one text by store. */
export async function kept(page: Page): Promise<Record<string, string>> {
  return page.evaluate(`new Promise((resolve) => {
    const opening = indexedDB.open('beseda');
    opening.onsuccess = () => {
      const stores = [...opening.result.objectStoreNames];
      const transaction = opening.result.transaction(stores);
      const all = stores.map((name) => [name, transaction.objectStore(name).getAll()]);
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(Object.fromEntries(all.map(([name, { result }]) => [name, JSON.stringify(result)])));
      };
    };
  })`);
}

/** Until a text is kept in one of the chats. */
export async function keptOnDisk(page: Page, text: string): Promise<void> {
  const both = async (): Promise<string> => {
    const { chats, messages } = await kept(page);
    return `${chats} ${messages}`;
  };
  await expect.poll(both, { timeout: 10_000 }).toContain(text);
}
