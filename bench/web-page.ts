import type { Page } from 'playwright-core';

/** What is written down in the page itself, before any of its own scripts runs. */
export const RECORDER = `
  globalThis.bench = { shift: 0 };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) bench.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  // A message counts as shown when the frame that has it is done.
  bench.painted = () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(undefined);
  }));
  bench.until = (holds) => new Promise((resolve, reject) => {
    const look = () => {
      if (!holds()) return false;
      resolve();
      return true;
    };
    if (look()) return;
    setTimeout(() => reject(new Error('what is measured has not come in a minute')), 60_000);
    const observer = new MutationObserver(() => { if (look()) observer.disconnect(); });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  });
  bench.firstMessage = bench.until(() => document.querySelector('article') !== null).then(bench.painted);
  bench.scroller = () => document.querySelector('[role="region"]');
  bench.topId = () => {
    const top = bench.scroller()?.getBoundingClientRect().top ?? 0;
    const row = [...document.querySelectorAll('article[data-key^="message "]')]
      .find((one) => one.getBoundingClientRect().bottom > top);
    return Number(row?.dataset.key.slice('message '.length) ?? 0);
  };
  // Scrolls by so many pixels a frame until so many messages have gone by; gives the times between frames.
  bench.scroll = (pixels, messages) => new Promise((resolve) => {
    const from = bench.topId();
    const frames = [];
    let last;
    let still = 0;
    const step = (at) => {
      if (last !== undefined) frames.push(at - last);
      last = at;
      const before = bench.scroller().scrollTop;
      bench.scroller().scrollTop += pixels;
      still = bench.scroller().scrollTop === before ? still + 1 : 0;
      // Where a busy server has refused a page, it is asked for again.
      if (still % 60 === 59) document.querySelector('[role="region"] ~ button u')?.click();
      // The top of what is held is waited at while more is read; ten seconds of that are the end.
      const done = frames.length % 10 === 0 && Math.abs(bench.topId() - from) >= messages;
      if (done || still > 600) resolve({ frames, messages: Math.abs(bench.topId() - from) });
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
`;

export async function signInOn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Chats' }).waitFor();
}

/** When the first message was on the screen, in milliseconds since the navigation began. */
export async function firstMessageAt(page: Page): Promise<number> {
  return page.evaluate('bench.firstMessage');
}

/** Opens a chat by its link in the list or, where that is not drawn, by its address; in milliseconds until it is painted. */
export async function switchTo(page: Page, chatId: number): Promise<number> {
  return page.evaluate(`(async () => {
    const link = document.querySelector('a[data-chat="${chatId}"]');
    const heading = document.querySelector('h2')?.textContent;
    const began = performance.now();
    link.click();
    await bench.until(() => location.pathname === '/c/${chatId}' && document.querySelector('article') !== null
      && document.querySelector('h2')?.textContent !== heading);
    return (await bench.painted()) - began;
  })()`);
}

/** Writes a text and sends it; in milliseconds from the key to the frame with the bubble. */
export async function enterToBubble(page: Page, text: string): Promise<number> {
  const field = page.getByRole('textbox', { name: /^Message / });
  await field.fill(text);
  const shown: Promise<number> = page.evaluate(`(async () => {
    let began;
    document.addEventListener('keydown', () => { began = performance.now(); }, { capture: true, once: true });
    await bench.until(() => [...document.querySelectorAll('article')].some((one) => one.textContent.includes(${JSON.stringify(text)})));
    return (await bench.painted()) - began;
  })()`);
  await field.press('Enter');
  return shown;
}

/** What scripts of the page hold once their garbage is collected, in MiB. */
export async function heldByScripts(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN) / 2 ** 20;
}

/** A quiet moment: what was begun is done. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => requestIdleCallback(resolve, { timeout: 3000 }))`);
}

/** Reads a chat to its end. */
export async function readToEnd(page: Page, chatId: number): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    let quiet = 0;
    const step = () => {
      const scroller = bench.scroller();
      scroller.scrollTop = scroller.scrollHeight;
      const unread = document.querySelector('a[data-chat="${chatId}"] [aria-hidden="true"] + .hidden') !== null;
      quiet = unread ? 0 : quiet + 1;
      if (quiet > 30) resolve();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
}
