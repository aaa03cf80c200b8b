import type { Page } from 'playwright-core';

/** What a page has asked the browser to show. */
export interface Shown {
  title: string;
  body: string;
  tag: string;
  data: string;
}

/**
 * The headless browser refuses notifications whatever it is told, so the page finds one that allows them once it is
 * asked, and writes down what it was to show. All that leads there, and whether the page is in front, is the browser's.
 */
const ALLOWING = `
  let permission = localStorage.getItem('test allowed') ?? 'default';
  window.shown = [];
  window.asked = 0;
  window.notes = 0;
  Object.defineProperty(Notification, 'permission', { get: () => permission });
  Notification.requestPermission = async () => {
    window.asked += 1;
    permission = 'granted';
    localStorage.setItem('test allowed', permission);
    return permission;
  };
  ServiceWorkerRegistration.prototype.showNotification = async (title, { body, tag, data }) => {
    window.shown = [...window.shown.filter((other) => other.tag !== tag), { title, body, tag, data, close() {
      window.shown = window.shown.filter((other) => other !== this);
    } }];
  };
  ServiceWorkerRegistration.prototype.getNotifications = async () => window.shown;
  const Oscillator = OscillatorNode;
  window.OscillatorNode = class extends Oscillator {
    constructor(...parts) {
      super(...parts);
      window.notes += 1;
    }
  };
`;

export async function allowing(page: Page): Promise<void> {
  await page.context().addInitScript(ALLOWING);
  await page.reload();
}

export async function shownOn(page: Page): Promise<Shown[]> {
  return page.evaluate('window.shown.map(({ title, body, tag, data }) => ({ title, body, tag, data }))');
}
