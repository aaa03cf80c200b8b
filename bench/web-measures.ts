import type { Browser, BrowserContext, Page } from 'playwright-core';
import {
  enterToBubble,
  firstMessageAt,
  heldByScripts,
  readToEnd,
  RECORDER,
  settle,
  signInOn,
  switchTo,
} from './web-page.ts';
import { TEXTS, type Amounts, type Seeded } from './web-seed.ts';
import { traced, type Work } from './web-tracing.ts';

/** How much is measured. */
export interface Extent extends Amounts {
  /** Of what takes a moment only. */
  rounds: number;
  /** Messages that are scrolled through. */
  scrolled: number;
  /** Messages that come at once each second, and for how many seconds. */
  rate: number;
  seconds: number;
  /** Messages of an hour, which come in a minute or as fast as the server takes them. */
  hour: number;
}

/** A figure, as often as it was measured. */
export interface Measure {
  name: string;
  unit: 'ms' | '%' | 'MiB' | 'kB' | 'frames' | 'KiB per 1,000 messages' | 'score' | 'ratio';
  values: number[];
}

/** Where the pages are: a browser that has been signed in, its page open. */
export interface Scene {
  url: string;
  browser: Browser;
  context: BrowserContext;
  seeded: Seeded;
  extent: Extent;
}

/** Measures a longer frame than this as a dropped one: two of a screen with 60 of them a second. In milliseconds. */
const DROPPED_MS = 1000 / 30 + 1;

/** Pixels in a frame: someone who flings through the history as fast as it goes. */
const FLING = 300;

async function openPage(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(RECORDER);
  await page.goto(address);
  return page;
}

/** A browser with nothing of the server, whose user is signed in as by a cookie. */
export async function coldStart({ url, browser, context, seeded, extent }: Scene): Promise<Measure[]> {
  const first: number[] = [];
  for (let round = 0; round < extent.rounds; round += 1) {
    const storageState = await context.storageState();
    const fresh = await browser.newContext({ locale: 'en-US', storageState, serviceWorkers: 'block' });
    const page = await openPage(fresh, `${url}/c/${seeded.shortChat}`);
    first.push(await firstMessageAt(page));
    // The cookie is replaced at each start; the next round goes on from the newest.
    await context.clearCookies();
    await context.addCookies((await fresh.storageState()).cookies);
    await fresh.close();
  }
  return [{ name: 'cold start, until the messages are painted', unit: 'ms', values: first }];
}

/** The same page once more: its files, chats and messages are in the browser. */
export async function warmStart(scene: Scene, how: string): Promise<Measure[]> {
  const { url, browser, context, seeded, extent } = scene;
  const [first, cpu]: [number[], number[]] = [[], []];
  for (let round = 0; round < extent.rounds; round += 1) {
    const page = await context.newPage();
    await page.addInitScript(RECORDER);
    const work = await traced(browser, page, async () => {
      await page.goto(`${url}/c/${seeded.shortChat}`);
      first.push(await firstMessageAt(page));
    });
    cpu.push(work.cpu);
    await settle(page);
    await page.close();
  }
  return [
    { name: `warm start${how}, until the messages are painted`, unit: 'ms', values: first },
    { name: `warm start${how}, main thread`, unit: 'ms', values: cpu },
  ];
}

export async function switching({ browser, seeded, extent }: Scene, page: Page): Promise<Measure[]> {
  const [wall, cpu, longest]: [number[], number[], number[]] = [[], [], []];
  // Those at the top of the list were read ahead; they are opened once before.
  const chatIds = [...seeded.others.slice(-2), seeded.shortChat];
  for (let round = 0; round < (extent.rounds + 1) * chatIds.length; round += 1) {
    const chatId = chatIds[round % chatIds.length] ?? 0;
    const { cpu: used, longestCpu } = await traced(browser, page, async () => {
      const painted = await switchTo(page, chatId);
      if (round >= chatIds.length && chatId === seeded.shortChat) wall.push(painted);
    });
    if (round >= chatIds.length && chatId === seeded.shortChat) {
      cpu.push(used);
      longest.push(longestCpu);
    }
    await settle(page);
  }
  return [
    { name: 'switch to a held chat, until it is painted', unit: 'ms', values: wall },
    { name: 'switch to a held chat, main thread', unit: 'ms', values: cpu },
    { name: 'switch to a held chat, longest task', unit: 'ms', values: longest },
  ];
}

interface Scrolled {
  frames: number[];
  messages: number;
}

/** The middle of a chat that is long beyond measure, against as many messages of one that is not. */
export async function scrollingLongAndShort(scene: Scene): Promise<Measure[]> {
  const { seeded, extent } = scene;
  const middle = Math.floor(extent.long / 2);
  const some = Math.min(80, extent.short - 20, extent.scrolled);
  const inLong = `scrolling ${some} messages in the middle of ${extent.long}`;
  const inShort = `scrolling ${some} messages of a chat of ${extent.short}`;
  const measures: Measure[] = [];
  const busy: [number[], number[]] = [[], []];
  for (let round = 0; round < extent.rounds; round += 1) {
    const long = await scrolled(scene, inLong, `/c/${seeded.longChat}/${middle}`, some);
    const short = await scrolled(scene, inShort, `/c/${seeded.shortChat}`, some);
    busy[0].push(long.work.cpu);
    busy[1].push(short.work.cpu);
    if (round === extent.rounds - 1) measures.push(...measuresOf(inLong, long), ...measuresOf(inShort, short));
  }
  return [
    ...measures,
    { name: `${inLong}, main thread`, unit: 'ms', values: busy[0] },
    { name: `${inShort}, main thread`, unit: 'ms', values: busy[1] },
    { name: 'long chat to short one, main thread', unit: 'ratio', values: [median(busy[0]) / median(busy[1])] },
  ];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

export async function scrolling(scene: Scene, name: string, address: string, messages: number): Promise<Measure[]> {
  return measuresOf(name, await scrolled(scene, name, address, messages));
}

interface Scroll {
  work: Work;
  frames: number[];
  shift: number;
}

/** Scrolls upwards from where the address leads. */
async function scrolled(scene: Scene, name: string, address: string, messages: number): Promise<Scroll> {
  const page = await openPage(scene.context, `${scene.url}${address}`);
  await firstMessageAt(page);
  await settle(page);
  await page.evaluate('bench.shift = 0');
  const passed: Scrolled[] = [];
  const work = await traced(scene.browser, page, async () => {
    passed.push(await page.evaluate(`bench.scroll(${-FLING}, ${messages})`));
  });
  const shift: number = await page.evaluate('bench.shift');
  await page.close();
  const [{ frames, messages: count } = { frames: [], messages: 0 }] = passed;
  if (count < messages) throw new Error(`${name}: ${count} messages went by, and not ${messages}`);
  return { work, frames, shift };
}

function measuresOf(name: string, { work, frames, shift }: Scroll): Measure[] {
  return [
    ...workOf(name, work),
    { name: `${name}, frames dropped of 1,000`, unit: 'frames', values: [droppedOf(frames)] },
    { name: `${name}, layout shift`, unit: 'score', values: [shift] },
  ];
}

function droppedOf(frames: number[]): number {
  return (frames.filter((length) => length > DROPPED_MS).length * 1000) / Math.max(1, frames.length);
}

function workOf(name: string, work: Work): Measure[] {
  return [
    { name: `${name}, longest task`, unit: 'ms', values: [work.longestCpu] },
    { name: `${name}, longest task with its waiting`, unit: 'ms', values: [work.longest] },
    { name: `${name}, main thread busy`, unit: '%', values: [(work.cpu / work.wall) * 100] },
  ];
}

/** Messages come at a rate, into some chats by turns. */
export async function receiving(scene: Scene, page: Page, name: string, chatIds: number[]): Promise<Measure[]> {
  const { browser, seeded, extent } = scene;
  const work = await traced(browser, page, async () => {
    const writes: Promise<void>[] = [];
    const began = performance.now();
    for (let count = 0; count < extent.rate * extent.seconds; count += 1) {
      const due = began + (count * 1000) / extent.rate - performance.now();
      if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
      writes.push(seeded.writer.write(chatIds[count % chatIds.length] ?? 0, TEXTS[count % TEXTS.length] ?? ''));
    }
    await Promise.all(writes);
    await settle(page);
  });
  return workOf(name, work);
}

export async function writing({ extent }: Scene, page: Page): Promise<Measure[]> {
  const values: number[] = [];
  for (let round = 0; round < extent.rounds; round += 1) {
    values.push(await enterToBubble(page, `written in round ${round}`));
    await settle(page);
  }
  return [{ name: 'Enter until the bubble is painted', unit: 'ms', values }];
}

/** Half of an hour's messages come into the open chat, the others into some others. */
export async function memory({ seeded, extent }: Scene, page: Page): Promise<Measure[]> {
  const PARTS = 6;
  // Few enough that each of them soon holds as much as is ever held of it.
  const others = seeded.others.slice(-20);
  const held: number[] = [];
  for (let part = 0; part <= PARTS; part += 1) {
    // The first part fills what is held at most.
    const half = Math.ceil(extent.hour / PARTS / 2);
    await seeded.writer.fill(seeded.shortChat, half);
    await Promise.all(
      Array.from({ length: half }, async (_, index) =>
        seeded.writer.write(others[index % others.length] ?? 0, TEXTS[index % TEXTS.length] ?? ''),
      ),
    );
    await settle(page);
    held.push(await heldByScripts(page));
  }
  const rest = held.slice(1);
  const perPart = slope(rest);
  return [
    { name: 'memory of scripts, in an hour of messages', unit: 'MiB', values: rest },
    {
      name: 'memory of scripts, growth',
      unit: 'KiB per 1,000 messages',
      values: [(perPart * 1024 * 1000) / (extent.hour / PARTS)],
    },
  ];
}

/** By least squares, for each step. */
function slope(values: number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const above = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  return above / values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
}

/** The heaviest start: as much is kept in the browser as ever is. */
export async function keepMost(scene: Scene): Promise<void> {
  const { seeded, extent } = scene;
  const page = await prepare(scene);
  // Others write while the page is open, so it holds what they wrote.
  for (const chatId of seeded.others.slice(-extent.kept.chats)) {
    await seeded.writer.fill(chatId, extent.kept.messages);
    await page.evaluate(`bench.until(() => true).then(bench.painted)`);
  }
  await seeded.writer.fill(seeded.shortChat, extent.kept.messages);
  await settle(page);
  await page.waitForTimeout(1500);
  await page.close();
  // It is read to its end once more, and the visit before is taken up.
  await (await prepare(scene)).close();
}

/** Opens the chat whose start is measured, and lets the browser keep it. */
export async function prepare({ url, context, seeded }: Scene): Promise<Page> {
  const page = await openPage(context, `${url}/c/${seeded.shortChat}`);
  await firstMessageAt(page);
  await readToEnd(page, seeded.shortChat);
  await page.evaluate('navigator.serviceWorker.ready');
  // What is kept is written half a second after it changes.
  await page.waitForTimeout(1500);
  return page;
}

/** Signs the browser in. */
export async function signedIn({ url, context, seeded }: Scene): Promise<void> {
  const page = await openPage(context, url);
  await signInOn(page, seeded.username, seeded.password);
  await page.close();
}
