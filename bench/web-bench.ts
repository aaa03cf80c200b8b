import { cpus, loadavg } from 'node:os';
import { launchBrowser } from '../e2e/browser.ts';
import { firstScriptBytes } from '../e2e/first-scripts.ts';
import { WEB_FOLDER } from '../packages/web/build/sources.ts';
import { startServerProcess } from './server-process.ts';
import {
  coldStart,
  keepMost,
  memory,
  prepare,
  receiving,
  scrolling,
  scrollingLongAndShort,
  signedIn,
  switching,
  warmStart,
  writing,
  type Extent,
  type Measure,
  type Scene,
} from './web-measures.ts';
import { seed } from './web-seed.ts';

export interface Report {
  extent: Extent;
  processors: number;
  /** Processes that wanted a processor in the last minute, before and after. */
  load: [number, number];
  measures: Measure[];
}

/**
 * Measures the web client in a browser, against a server of its own.
 *
 * @param tell hears what is done, and each figure as it is known.
 */
export async function benchWeb(port: number, extent: Extent, tell: (step: string) => void): Promise<Report> {
  const before = loadavg()[0] ?? 0;
  const server = await startServerProcess({ port });
  const browser = await launchBrowser();
  let serverStopped = false;
  try {
    tell('… seeding');
    const seeded = await seed(server.url, extent);
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    const scene: Scene = { url: server.url, browser, context, seeded, extent };
    const { longChat, shortChat, others } = seeded;
    const measures: Measure[] = [];
    const step = async (name: string, act: () => Promise<Measure[]>): Promise<void> => {
      tell(`… ${name}`);
      const taken = await act();
      measures.push(...taken);
      for (const measure of taken) tell(lineOf(measure));
    };
    await step('the bundle', async () => [
      { name: 'scripts before the first chat, gzipped', unit: 'kB', values: [firstScriptBytes(WEB_FOLDER) / 1000] },
    ]);
    await signedIn(scene);
    await (await prepare(scene)).close();
    // While the short chat is short.
    await step('scrolling', async () => {
      return [
        ...(await scrolling(
          scene,
          `scrolling ${extent.scrolled} messages`,
          `/c/${longChat}/${extent.long}`,
          extent.scrolled,
        )),
        ...(await scrollingLongAndShort(scene)),
      ];
    });
    const page = await prepare(scene);
    await step('switching', async () => switching(scene, page));
    await step('writing', async () => writing(scene, page));
    await step('receiving', async () => {
      const rate = `${extent.rate} messages/s`;
      return [
        ...(await receiving(scene, page, `${rate} into the open chat`, [shortChat])),
        ...(await receiving(scene, page, `${rate} into other chats`, others.slice(-100))),
      ];
    });
    await step('memory', async () => memory(scene, page));
    await page.close();
    await step('cold start', async () => coldStart(scene));
    await keepMost(scene);
    await step('warm start', async () => warmStart(scene, ''));
    seeded.writer.close();
    await server.stop();
    serverStopped = true;
    await step('warm start without a server', async () => warmStart(scene, ' without a server'));
    return { extent, processors: cpus().length, load: [before, loadavg()[0] ?? 0], measures };
  } finally {
    await browser.close();
    if (!serverStopped) await server.stop();
  }
}

/** Where it was measured more than once: the median, the lowest and the highest. */
function lineOf({ name, values, unit }: Measure): string {
  const sorted = values.toSorted((a, b) => a - b);
  const show = (value: number | undefined): string =>
    (value ?? Number.NaN).toFixed(unit === 'score' ? 3 : unit === 'ratio' ? 2 : 1);
  const range = sorted.length > 1 ? ` [${show(sorted[0])} – ${show(sorted.at(-1))}]` : '';
  return `${name.padEnd(60)} ${show(sorted[sorted.length >> 1])} ${unit}${range}`;
}
