import type { Nodes } from 'mdast';

/** The text in a node, without what marks it up. */
export function textIn(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map((child) => textIn(child)).join(' ') : '';
}
