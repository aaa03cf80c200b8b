import type { Link, Parents, PhrasingContent, Root, Text } from 'mdast';
import type { Extension as FromMarkdown } from 'mdast-util-from-markdown';
import type { Code, Effects, Extension as Syntax, State } from 'micromark-util-types';

declare module 'mdast' {
  /** What is hidden until it is pressed. Without children it is a mark, `||`, whose other one is not found yet. */
  interface Spoiler extends Parent {
    type: 'spoiler';
    children: PhrasingContent[];
  }
  interface PhrasingContentMap {
    spoiler: Spoiler;
  }
  interface RootContentMap {
    spoiler: Spoiler;
  }
}

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    spoilerMark: 'spoilerMark';
  }
}

const BAR = 124;
const MARK = '||';

/** Finds the marks, `||`, where no code, link or escape has them. */
export const spoilerSyntax: Syntax = { text: { [BAR]: { name: 'spoilerMark', tokenize: tokenizeMark } } };

function tokenizeMark(effects: Effects, ok: State, nok: State): State {
  function second(code: Code): State | undefined {
    if (code !== BAR) return nok(code);
    effects.consume(code);
    effects.exit('spoilerMark');
    return ok;
  }
  return (code) => {
    effects.enter('spoilerMark');
    effects.consume(code);
    return second;
  };
}

/** Makes spoilers of what stands between two marks of one parent: `||**so** too||`. */
export const spoilersFromMarkdown: FromMarkdown = {
  enter: {
    spoilerMark(token) {
      this.enter({ type: 'spoiler', children: [] }, token);
    },
  },
  exit: {
    spoilerMark(token) {
      this.exit(token);
    },
  },
  transforms: [hide],
};

function hide(tree: Root): void {
  const parents: Parents[] = [tree];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    if (isPhrasing(parent)) parent.children = paired(parent.children.flatMap(withoutMarks));
    for (const child of parent.children) if ('children' in child && child.children.length > 0) parents.push(child);
  }
}

type PhrasingParent = Parents & { children: PhrasingContent[] };

function isPhrasing(parent: Parents): parent is PhrasingParent {
  return ['paragraph', 'strong', 'emphasis', 'delete', 'link'].includes(parent.type);
}

/** An address that was found in the text has eaten the mark that follows it: `||https://sad.example||`. */
function withoutMarks(node: PhrasingContent): PhrasingContent[] {
  if (node.type !== 'link') return [node];
  const [label, ...more] = node.children;
  if (label?.type !== 'text' || more.length > 0 || !node.url.endsWith(label.value)) return [node];
  const [address = '', ...rest] = label.value.split(MARK);
  if (rest.length === 0 || address === '') return [node];
  const url = node.url.slice(0, node.url.length - label.value.length + address.length);
  const link: Link = { ...node, url, children: [{ ...label, value: address }] };
  const tail = rest.flatMap((value) => (value === '' ? [mark()] : [mark(), textOf(value)]));
  return [link, ...tail];
}

function paired(nodes: PhrasingContent[]): PhrasingContent[] {
  const result: PhrasingContent[] = [];
  /** Where the mark that waits for its other one stands in the result. */
  let open: number | undefined;
  for (const [index, node] of nodes.entries()) {
    if (!isMark(node)) {
      result.push(node);
    } else if (open !== undefined && result.length - open > 1 && !endsInSpace(nodes[index - 1])) {
      result.push({ type: 'spoiler', children: result.splice(open).slice(1) });
      open = undefined;
    } else {
      if (open === undefined && !beginsWithSpace(nodes[index + 1])) open = result.length;
      result.push(textOf(MARK));
    }
  }
  return result;
}

function isMark(node: PhrasingContent): boolean {
  return node.type === 'spoiler' && node.children.length === 0;
}

function beginsWithSpace(node: PhrasingContent | undefined): boolean {
  return node === undefined || node.type === 'break' || (node.type === 'text' && /^\s/.test(node.value));
}

function endsInSpace(node: PhrasingContent | undefined): boolean {
  return node === undefined || node.type === 'break' || (node.type === 'text' && /\s$/.test(node.value));
}

function mark(): PhrasingContent {
  return { type: 'spoiler', children: [] };
}

function textOf(value: string): Text {
  return { type: 'text', value };
}
