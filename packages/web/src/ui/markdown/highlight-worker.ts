import { common, createLowlight } from 'lowlight';
import { spansOf, type CodeSpan } from './code-spans.ts';
import type { Job, Reply } from './highlighter.ts';

// Runs beside the page: whatever a code makes of the patterns of its language, the page does not wait for it.
const lowlight = createLowlight(common);

function answer(reply: Reply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- workers have none to name
  globalThis.postMessage(reply);
}

function spans({ language, code }: Job): readonly CodeSpan[] | undefined {
  if (!lowlight.registered(language)) return undefined;
  try {
    return spansOf(lowlight.highlight(language, code));
  } catch {
    // A pattern of the language has failed on it, of which the code is none the worse.
    return undefined;
  }
}

globalThis.addEventListener('message', ({ data }: MessageEvent<Job>) => {
  answer({ kind: 'done', spans: spans(data) });
});
answer({ kind: 'ready' });
