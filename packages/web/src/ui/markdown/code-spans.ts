/** What a piece of code is, as far as its colour tells. */
export const codeRoles = ['plain', 'keyword', 'string', 'comment', 'number', 'title', 'type', 'removed'] as const;
export type CodeRole = (typeof codeRoles)[number];

/** A piece of code; all of them together are the code, letter by letter. */
export type CodeSpan = readonly [role: CodeRole, text: string];

/** What `highlight.js` calls what it finds, by what it is to us. */
const ROLES: Record<Exclude<CodeRole, 'plain'>, readonly string[]> = {
  keyword: ['keyword', 'selector-tag', 'name', 'tag', 'meta', 'operator', 'doctag'],
  string: ['string', 'regexp', 'char', 'template-tag', 'link', 'addition', 'code'],
  comment: ['comment', 'quote'],
  number: ['number', 'literal', 'symbol', 'bullet', 'variable', 'template-variable'],
  title: ['title', 'section', 'selector-id', 'selector-class'],
  type: ['type', 'built_in', 'attr', 'attribute', 'class', 'property'],
  removed: ['deletion'],
};

const byName = new Map(
  codeRoles.flatMap((role) => (role === 'plain' ? [] : ROLES[role].map((name) => [`hljs-${name}`, role] as const))),
);

/** A node of the tree of code, as `lowlight` makes it (hast). */
export interface CodeNode {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: readonly CodeNode[];
}

/** The pieces of a tree of code, one after the other; those of one role that touch are one. */
export function spansOf(tree: CodeNode): CodeSpan[] {
  const spans: [CodeRole, string][] = [];
  const visit = (node: CodeNode, role: CodeRole): void => {
    if (node.value !== undefined) {
      const last = spans.at(-1);
      if (last?.[0] === role) last[1] += node.value;
      else spans.push([role, node.value]);
    }
    for (const child of node.children ?? []) visit(child, roleOf(child) ?? role);
  };
  visit(tree, 'plain');
  return spans;
}

function roleOf({ properties }: CodeNode): CodeRole | undefined {
  const names: unknown = properties?.className;
  if (!Array.isArray(names)) return undefined;
  for (const name of names) {
    const role = typeof name === 'string' ? byName.get(name) : undefined;
    if (role !== undefined) return role;
  }
  return undefined;
}
