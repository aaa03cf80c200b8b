import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser, NoBrowserError } from './browser.ts';

/** A page in a context of its own, as another person at another machine would have it. */
export interface Tab {
  page: Page;
  /** What the browser complained about: errors on the console, uncaught exceptions, violations of the CSP. */
  complaints: string[];
}

export type OpenTab = (address: string, options?: BrowserContextOptions) => Promise<Tab>;

/**
 * A browser for the tests of a file or of a `describe`. Each test opens its tabs with what this returns, and they are
 * closed at its end. Where no browser can be started the tests are skipped, saying why; with `CI=true` they fail.
 */
export function useBrowser(): OpenTab {
  let browser: Browser | undefined;
  let missing: NoBrowserError | undefined;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    try {
      browser = await launchBrowser();
    } catch (error) {
      if (!(error instanceof NoBrowserError) || process.env['CI'] === 'true') throw error;
      process.stderr.write(`Tests with a browser are skipped. ${error.message}\n`);
      missing = error;
    }
  });
  beforeEach(({ skip }) => skip(missing !== undefined, missing?.message));
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map(async (context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
  });

  return async (address, options = {}) => {
    if (browser === undefined) throw new Error('tabs are opened by tests, once the browser runs');
    const context = await browser.newContext({ locale: 'en-US', ...options });
    contexts.push(context);
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    // Violations of a report-only policy, which the console does not call errors, are seen this way too.
    await page.addInitScript(`document.addEventListener('securitypolicyviolation', (event) => {
      console.error('CSP violation: ' + event.effectiveDirective + ' ' + event.blockedURI);
    })`);
    await page.goto(address);
    return { page, complaints };
  };
}
