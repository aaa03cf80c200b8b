import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import type { InlineConfig } from 'vite';
import { emojiData } from './emoji-data.ts';
import { onePage, preloadedPage } from './preloaded-page.ts';
import { withoutDescriptions } from './without-descriptions.ts';

/** @param outDir where the files go. */
export function viteConfig(outDir: string): InlineConfig {
  return {
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    logLevel: 'error',
    plugins: [react(), emojiData(), withoutDescriptions(), preloadedPage()],
    resolve: {
      alias: {
        // The one of npm decodes by innerHTML, which the page's policy forbids.
        'decode-named-character-reference': fileURLToPath(
          new URL('../src/ui/markdown/no-character-references.ts', import.meta.url),
        ),
      },
    },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'baseline-widely-available',
      assetsInlineLimit: 0,
      // Its fallback for old browsers writes into the page what the security policy forbids.
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: onePage() }] } } },
    },
  };
}
