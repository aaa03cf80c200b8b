import type { Nodes, Root } from 'mdast';

/** Characters (UTF-16) of a text that is read for its marks; a message has at most 4096 code points. */
const LENGTH = 8192;

/** Quotes and lists within each other on one line. People get to three. */
const CONTAINERS = 16;

/** Marks of emphasis and brackets: with more, to find those that belong together may take longer than a frame. */
const MARKS = 400;

/** How deep the tree of a text may go, all told. */
const DEPTH = 40;

const CONTAINER_RUN = new RegExp(`^(?:[ \\t]*(?:>|(?:[-*+]|\\d{1,9}[.)])[ \\t])){${CONTAINERS}}`, 'm');

/** Whether a text can be read in no time; what cannot was not written to be read. */
export function isReadable(text: string): boolean {
  if (text.length > LENGTH || CONTAINER_RUN.test(text)) return false;
  let marks = 0;
  // Underscores within words, as names in programs have them, mark nothing.
  for (const match of text.matchAll(/\*+|~~|\[|\|\||(?<!\w)_+|_+(?!\w)/g)) {
    marks += match[0] === '' ? 0 : 1;
    if (marks > MARKS) return false;
  }
  return true;
}

/** Whether a tree goes deeper than anyone would write, and what draws it could bear. */
export function isTooDeep(tree: Root): boolean {
  let level: Nodes[] = [tree];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEPTH) return true;
    level = level.flatMap((node): Nodes[] => ('children' in node ? node.children : []));
  }
  return false;
}

/** A text as it was written, whatever its marks. */
export function plainTree(text: string): Root {
  return { type: 'root', children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }] };
}
