import { readFileSync } from 'node:fs';
import { common, createLowlight } from 'lowlight';
import { describe, expect, test } from 'vitest';
import { handClock } from '../../state/hand-clock.testing.ts';
import { codeRoles, spansOf } from './code-spans.ts';
import { createHighlighter, type HighlightWorker, type Job, type Reply } from './highlighter.ts';

/** Workers that do what the test says. */
function workshop() {
  const clock = handClock();
  const started: { jobs: Job[]; stopped: boolean; say: (reply: Reply | undefined) => void }[] = [];
  const highlighter = createHighlighter((say): HighlightWorker => {
    const worker = { jobs: [] as Job[], stopped: false, say };
    started.push(worker);
    return {
      give: (job) => worker.jobs.push(job),
      stop() {
        worker.stopped = true;
      },
    };
  }, clock);
  return { clock, started, highlighter };
}

const job = (code: string): Job => ({ language: 'ts', code });

describe('the highlighter', () => {
  test('starts its worker with the first code, gives one after the other, and holds what came of it', async () => {
    const { started, highlighter } = workshop();
    const [one, two] = [highlighter.highlight(job('one')), highlighter.highlight(job('two'))];
    expect(started).toHaveLength(1);
    expect(started[0]?.jobs).toEqual([]);
    started[0]?.say({ kind: 'ready' });
    expect(started[0]?.jobs).toEqual([job('one')]);
    started[0]?.say({ kind: 'done', spans: [['plain', 'one']] });
    started[0]?.say({ kind: 'done', spans: undefined });
    expect(await one).toEqual([['plain', 'one']]);
    expect(await two).toBeUndefined();
    expect(highlighter.held(job('one'))).toEqual([['plain', 'one']]);
    expect(await highlighter.highlight(job('one'))).toEqual([['plain', 'one']]);
    expect(started[0]?.jobs).toHaveLength(2);
  });

  test('a code that takes too long ends its worker; the next one has another', async () => {
    const { clock, started, highlighter } = workshop();
    const [slow, next] = [highlighter.highlight(job('slow')), highlighter.highlight(job('next'))];
    started[0]?.say({ kind: 'ready' });
    clock.pass(1000);
    expect(await slow).toBeUndefined();
    expect(started[0]?.stopped).toBe(true);
    started[1]?.say({ kind: 'ready' });
    expect(started[1]?.jobs).toEqual([job('next')]);
    started[1]?.say({ kind: 'done', spans: [['keyword', 'next']] });
    expect(await next).toEqual([['keyword', 'next']]);
    expect(await highlighter.highlight(job('slow'))).toBeUndefined();
    expect(started).toHaveLength(2);
  });

  test('without a worker, and of what is too long, codes have no colours', async () => {
    const { started, highlighter } = workshop();
    const one = highlighter.highlight(job('one'));
    started[0]?.say(undefined);
    expect(await one).toBeUndefined();
    expect(await highlighter.highlight(job('two'))).toBeUndefined();
    expect(await workshop().highlighter.highlight(job('x'.repeat(8193)))).toBeUndefined();
    expect(started).toHaveLength(1);
  });
});

describe('the pieces of a code', () => {
  const lowlight = createLowlight(common);

  test('are the code, letter by letter', () => {
    const code = 'const dry = beds.filter((bed) => bed.moisture < 0.3); // <b>\n';
    const spans = spansOf(lowlight.highlight('ts', code));
    expect(spans.map(([, text]) => text).join('')).toBe(code);
    expect(spans).toContainEqual(['keyword', 'const']);
    expect(spans).toContainEqual(['number', '0.3']);
    expect(spans).toContainEqual(['comment', '// <b>']);
  });
});

describe('the colours of code', () => {
  const css = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');
  const themes = { light: css.indexOf("data-theme='light'"), dark: css.indexOf("data-theme='dark'") };

  function colour(theme: 'light' | 'dark', name: string): string {
    const found = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css.slice(themes[theme]))?.[1];
    if (found === undefined) throw new Error(`There is no --${name}.`);
    return found;
  }

  const grounds = (['light', 'dark'] as const).flatMap((theme) =>
    (['code', 'code-mine'] as const).map((ground) => [theme, ground] as const),
  );
  test.each(grounds)('can be read, %s on %s', (theme, ground) => {
    for (const role of codeRoles) {
      const name =
        role === 'plain' ? (ground === 'code' ? 'ink' : 'mine-ink') : role === 'removed' ? 'danger' : `code-${role}`;
      const contrast = contrastOf(colour(theme, name), colour(theme, ground));
      expect({ role, readable: contrast >= 4.5, contrast }).toMatchObject({ readable: true });
    }
  });
});

/** WCAG 2.2, contrast ratio. */
function contrastOf(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
