import type { Nodes, Parents } from 'mdast';
import { Fragment, memo, type ReactNode } from 'react';
import { directionOf } from '../../state/direction.ts';
import { CodeBlock } from './code-block.tsx';
import styles from './markdown.module.css';
import { Mentioned, MentionsContext } from './mentions.tsx';
import { parseMarkdown } from './parse.ts';
import { safeLink } from './safe-link.ts';
import { Spoiler } from './spoiler.tsx';
import { textIn } from './text-in.ts';

/** A message's text: its tree becomes elements, and never HTML. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const tree = parseMarkdown(text);
  const last = tree.children.at(-1);
  return (
    <div className={styles.text} data-ends={last === undefined ? undefined : directionOf(textIn(last))}>
      {children(tree)}
    </div>
  );
});

function children(parent: Parents): ReactNode {
  // The tree of a text never changes, so the place of a node names it.
  // oxlint-disable-next-line react/no-array-index-key -- see above
  return parent.children.map((node, index) => <Fragment key={index}>{element(node)}</Fragment>);
}

function element(node: Nodes): ReactNode {
  switch (node.type) {
    case 'text':
      return node.value.includes('@') ? <Mentioned text={node.value} plain={lines} /> : lines(node.value);
    case 'paragraph':
      return <p dir="auto">{children(node)}</p>;
    case 'strong':
      return <strong>{children(node)}</strong>;
    case 'emphasis':
      return <em>{children(node)}</em>;
    case 'delete':
      return <del>{children(node)}</del>;
    case 'inlineCode':
      return <code dir="auto">{node.value}</code>;
    case 'code':
      return <CodeBlock code={node.value} language={node.lang?.toLowerCase()} />;
    case 'spoiler':
      return <Spoiler>{children(node)}</Spoiler>;
    case 'blockquote':
      return <blockquote dir={directionOf(textIn(node))}>{children(node)}</blockquote>;
    case 'list':
      return node.ordered === true ? (
        <ol start={node.start ?? 1} dir={directionOf(textIn(node))}>
          {children(node)}
        </ol>
      ) : (
        <ul dir={directionOf(textIn(node))}>{children(node)}</ul>
      );
    case 'listItem':
      return <li>{children(node)}</li>;
    case 'break':
      return <br />;
    case 'link': {
      const href = safeLink(node.url);
      if (href === undefined) return children(node);
      return (
        <a href={href} dir="auto" target="_blank" rel="noopener noreferrer nofollow">
          <MentionsContext value={undefined}>{children(node)}</MentionsContext>
        </a>
      );
    }
    case 'definition':
    case 'footnoteDefinition':
    case 'footnoteReference':
    case 'heading':
    case 'html':
    case 'image':
    case 'imageReference':
    case 'linkReference':
    case 'root':
    case 'table':
    case 'tableCell':
    case 'tableRow':
    case 'thematicBreak':
    case 'yaml':
      // The parser makes none of these of a message.
      return null;
  }
}

/** A line that was ended is ended, as people who write messages expect. */
function lines(text: string): ReactNode {
  const parts = text.split('\n');
  if (parts.length === 1) return text;
  return parts.map((part, index) => (
    // oxlint-disable-next-line react/no-array-index-key -- the lines of a text never change
    <Fragment key={index}>
      {index > 0 && <br />}
      {part}
    </Fragment>
  ));
}
