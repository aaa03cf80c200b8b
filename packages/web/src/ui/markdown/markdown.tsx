import type { Nodes, Parents } from 'mdast';
import { Fragment, memo, type ReactNode } from 'react';
import styles from './markdown.module.css';
import { Mentioned, MentionsContext } from './mentions.tsx';
import { parseMarkdown } from './parse.ts';
import { safeLink } from './safe-link.ts';

/** A message's text: its tree becomes elements, and never HTML. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return <div className={styles.text}>{children(parseMarkdown(text))}</div>;
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
      return <p>{children(node)}</p>;
    case 'strong':
      return <strong>{children(node)}</strong>;
    case 'emphasis':
      return <em>{children(node)}</em>;
    case 'delete':
      return <del>{children(node)}</del>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return (
        // It scrolls where lines are long, so the keyboard must reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
        <pre tabIndex={0}>
          <code>{node.value}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{children(node)}</blockquote>;
    case 'list':
      return node.ordered === true ? <ol start={node.start ?? 1}>{children(node)}</ol> : <ul>{children(node)}</ul>;
    case 'listItem':
      return <li>{children(node)}</li>;
    case 'break':
      return <br />;
    case 'link': {
      const href = safeLink(node.url);
      if (href === undefined) return children(node);
      return (
        <a href={href} target="_blank" rel="noopener noreferrer nofollow">
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
