import { fileURLToPath } from 'node:url';
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';

/** What the page's first script goes on with, once it has begun to read. */
const PAGE = fileURLToPath(new URL('../src/ui/page.tsx', import.meta.url));

const FIRST = fileURLToPath(new URL('../src/ui/main.ts', import.meta.url));

/** Has the browser read the page's scripts and styles together with the first script, which imports them only later. */
export function preloadedPage(): Plugin {
  return {
    name: 'preloaded-page',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((output) => output.type === 'chunk');
        const page = chunks.find(
          ({ facadeModuleId, moduleIds }) => facadeModuleId === PAGE || moduleIds.includes(PAGE),
        );
        if (page === undefined) throw new Error(`There is no script of ${PAGE}.`);
        const wanted = withImports(page, chunks);
        return [
          ...wanted.map(({ fileName }) => link({ rel: 'modulepreload', href: `/${fileName}` })),
          ...stylesOf(wanted).map((name) => link({ rel: 'stylesheet', href: `/${name}` })),
        ].filter(({ attrs }) => !html.includes(`href="${attrs.href}"`));
      },
    },
  };
}

/** What is asked of a module while scripts are put together. */
interface Context {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/**
 * Puts all that the page needs at once into one script, and what reads first into another: two dozen small ones, as they
 * come about by what dialogs share with the page, take longer to read and are larger when they are packed.
 */
export function onePage(): (moduleId: string, context: Context) => string | null {
  let first: ReadonlySet<string> | undefined;
  let page: ReadonlySet<string> | undefined;
  return (moduleId, context) => {
    first ??= needed(FIRST, context);
    page ??= needed(PAGE, context);
    // What fetches scripts is wanted by the first of them.
    return first.has(moduleId) || moduleId.includes('vite/preload-helper')
      ? 'first'
      : page.has(moduleId)
        ? 'page'
        : null;
  };
}

/** A module and all that it imports. */
function needed(path: string, context: Context): ReadonlySet<string> {
  const found = new Set([path]);
  for (const id of found) for (const imported of context.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

/** As Vite writes the links of what is imported at once: a script that has them is not loaded twice. */
function link(attrs: { rel: string; href: string }) {
  return { tag: 'link', attrs: { ...attrs, crossorigin: true }, injectTo: 'head' } satisfies HtmlTagDescriptor;
}

function withImports(page: Rolldown.OutputChunk, chunks: Rolldown.OutputChunk[]): Rolldown.OutputChunk[] {
  const found = new Set<Rolldown.OutputChunk>([page]);
  for (const { imports } of found) {
    for (const name of imports) {
      const imported = chunks.find(({ fileName, isEntry }) => fileName === name && !isEntry);
      if (imported !== undefined) found.add(imported);
    }
  }
  return [...found];
}

function stylesOf(chunks: Rolldown.OutputChunk[]): string[] {
  return [...new Set(chunks.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]))];
}
