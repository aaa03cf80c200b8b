import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal';
import { gfmStrikethroughFromMarkdown } from 'mdast-util-gfm-strikethrough';
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal';
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough';
import { isReadable, isTooDeep, plainTree } from './bounds.ts';
import { spoilersFromMarkdown, spoilerSyntax } from './spoilers.ts';

/**
 * What a page has and a message has not: headings, rules, HTML, images, code by indentation, link definitions, and
 * characters by name: who writes `&lt;` means these four.
 */
const NOT_IN_MESSAGES = [
  'characterReference',
  'headingAtx',
  'setextUnderline',
  'thematicBreak',
  'htmlFlow',
  'htmlText',
  'codeIndented',
  'definition',
  'labelStartImage',
];

/** Texts that were read lately. Scrolling shows the same ones again and again. */
const held = new Map<string, Root>();
const HELD = 500;

/** The text of a message as a tree; of one that was made to be hard to read, as it stands. */
export function parseMarkdown(text: string): Root {
  const known = held.get(text);
  if (known !== undefined) return known;
  const tree = isReadable(text) ? read(text) : plainTree(text);
  const [oldest] = held.keys();
  if (held.size >= HELD && oldest !== undefined) held.delete(oldest);
  held.set(text, tree);
  return tree;
}

function read(text: string): Root {
  const tree = fromMarkdown(text, {
    extensions: [
      gfmStrikethrough({ singleTilde: false }),
      gfmAutolinkLiteral(),
      spoilerSyntax,
      { disable: { null: NOT_IN_MESSAGES } },
    ],
    mdastExtensions: [gfmStrikethroughFromMarkdown(), gfmAutolinkLiteralFromMarkdown(), spoilersFromMarkdown],
  });
  return isTooDeep(tree) ? plainTree(text) : tree;
}
