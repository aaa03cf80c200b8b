import { Fragment, useEffect, useState } from 'react';
import type { CodeSpan } from './code-spans.ts';
import { copyText } from '../clipboard.ts';
import buttons from '../parts/button.module.css';
import { Icon } from '../parts/icon.tsx';
import { useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import styles from './code-block.module.css';
import type { Highlighter } from './highlighter.ts';

/** There from the first code on that has a language; it is not read before. */
let highlighter: Highlighter | undefined;

/** Code on lines of its own. Colours come later and change nothing but the colour. */
export function CodeBlock({ code, language }: { code: string; language: string | undefined }) {
  const words = useWords();
  const { notices } = useWorld();
  const spans = useSpans(code, language);
  const [copied, setCopied] = useState(false);

  async function copy(): Promise<void> {
    try {
      await copyText(code);
      setCopied(true);
    } catch {
      notices.tell({ kind: 'failed', deed: 'copy', problem: { code: 'copy', detail: '' }, again: undefined });
    }
  }

  return (
    <div className={styles.block} dir="ltr">
      {/* It scrolls where lines are long, so the keyboard must reach it. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above */}
      <pre tabIndex={0}>
        <code>{spans === undefined ? code : spans.map(colour)}</code>
      </pre>
      <button
        type="button"
        className={`${buttons.icon} ${styles.copy}`}
        aria-label={copied ? words.copied : words.copyCode}
        onClick={() => void copy()}
        onMouseLeave={() => setCopied(false)}
        onBlur={() => setCopied(false)}
      >
        <Icon name={copied ? 'check' : 'copy'} />
      </button>
    </div>
  );
}

function colour([role, text]: CodeSpan, index: number) {
  // oxlint-disable-next-line react/no-array-index-key -- the pieces of a code never change
  if (role === 'plain') return <Fragment key={index}>{text}</Fragment>;
  return (
    // oxlint-disable-next-line react/no-array-index-key -- the pieces of a code never change
    <span key={index} className={styles[role]}>
      {text}
    </span>
  );
}

function useSpans(code: string, language: string | undefined): readonly CodeSpan[] | undefined {
  const [found, setFound] = useState<{ code: string; language: string; spans: readonly CodeSpan[] | undefined }>();
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      if (language === undefined) return;
      // A code that cannot be coloured stays as it is.
      highlighter ??= await import('./browser-highlighter.ts').then(
        (read) => read.highlighter,
        () => undefined,
      );
      const spans = await highlighter?.highlight({ language, code });
      if (current) setFound({ code, language, spans });
    };
    void ask();
    return () => {
      current = false;
    };
  }, [code, language]);
  if (language === undefined) return undefined;
  return found?.code === code && found.language === language ? found.spans : highlighter?.held({ language, code });
}
