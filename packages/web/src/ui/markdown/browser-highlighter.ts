import { systemClock } from '@beseda/client/clock.ts';
import { ownScript } from '../own-script.ts';
// oxlint-disable-next-line import/default -- the builder makes one of the query
import address from './highlight-worker.ts?worker&url';
import { createHighlighter, type Job, type Reply } from './highlighter.ts';

/** The highlighter of the page, with its worker: see `createHighlighter`. */
export const highlighter = createHighlighter((hear) => {
  const worker = new Worker(ownScript('highlighter', address), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => hear(data));
  worker.addEventListener('error', () => hear(undefined));
  return {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- workers have none to name
    give: (job: Job) => worker.postMessage(job),
    stop: () => worker.terminate(),
  };
}, systemClock);
