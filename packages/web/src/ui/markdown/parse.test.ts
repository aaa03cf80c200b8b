import type { Nodes } from 'mdast';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oneLine } from '../../state/chat-list.ts';
import { parseMarkdown } from './parse.ts';

/** A tree as one reads it: the names of its nodes around what they hold. */
function shape(node: Nodes): string {
  if (node.type === 'text') return node.value;
  if (node.type === 'inlineCode' || node.type === 'code') return `<code>${node.value}</code>`;
  if (!('children' in node)) return `<${node.type}>`;
  const inner = node.children.map(shape).join('');
  return node.type === 'root' || node.type === 'paragraph' ? inner : `<${node.type}>${inner}</${node.type}>`;
}

/** All text of a tree that is hidden until it is pressed. */
function hidden(node: Nodes, within = false): string {
  if ('value' in node) return within ? node.value : '';
  return 'children' in node
    ? node.children.map((child) => hidden(child, within || node.type === 'spoiler')).join('')
    : '';
}

describe('spoilers', () => {
  test.each([
    ['it is ||the gardener||.', 'it is <spoiler>the gardener</spoiler>.'],
    ['||**bold** text||', '<spoiler><strong>bold</strong> text</spoiler>'],
    ['**||all of it||**', '<strong><spoiler>all of it</spoiler></strong>'],
    ['||one|| and ||two||', '<spoiler>one</spoiler> and <spoiler>two</spoiler>'],
    ['> ||in a quote||', '<blockquote><spoiler>in a quote</spoiler></blockquote>'],
    ['||two\nlines||', '<spoiler>two\nlines</spoiler>'],
    ['||with `a || b` in it||', '<spoiler>with <code>a || b</code> in it</spoiler>'],
    ['||https://sad.example/a||', '<spoiler><link>https://sad.example/a</link></spoiler>'],
    ['||see www.sad.example/a|| there', '<spoiler>see <link>www.sad.example/a</link></spoiler> there'],
    ['||x|', '||x|'],
    ['||never ended', '||never ended'],
    ['if (a || b || c)', 'if (a || b || c)'],
    ['`||code||`', '<code>||code||</code>'],
    ['```\n||code||\n```', '<code>||code||</code>'],
    ['\\||not so||', '||not so||'],
    ['||||', '||||'],
    ['||', '||'],
  ])('%j is %s', (text, expected) => {
    expect(shape(parseMarkdown(text))).toBe(expected);
  });

  test('what is hidden in a message is in no line that stands for it', () => {
    const parts = [
      '||',
      '||',
      'w',
      ' ',
      '\n',
      '\n\n',
      '*',
      '**',
      '`',
      '\\',
      '|',
      '[',
      '](x)',
      '> ',
      '- ',
      'http://a.b/',
      '<',
      '>',
      '~~',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 24 }), (chosen) => {
        // Each word is another, so that it can be told where it went.
        const text = chosen.map((part, index) => (part === 'w' ? `w${index}w` : part)).join('');
        const line = oneLine(text, '…');
        for (const word of hidden(parseMarkdown(text)).match(/w\d+w/g) ?? []) expect(line).not.toContain(word);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('security case 9: texts that were made to be hard to read', () => {
  const hard: Record<string, string> = {
    quotes: '>'.repeat(10_000),
    'quotes with room': '> '.repeat(2000),
    brackets: '['.repeat(10_000),
    'brackets, few enough for a message': '['.repeat(4096),
    stars: '*'.repeat(10_000),
    lists: '- '.repeat(2048),
    numbers: '1. '.repeat(1300),
    emphasis: '*a **b '.repeat(300) + ' c** d*'.repeat(280),
    closers: 'a**'.repeat(1365),
    'marks of spoilers': '||a '.repeat(1024),
  };
  test.each(Object.entries(hard))('%s are shown as they stand', (_, text) => {
    expect(parseMarkdown(text)).toEqual({
      type: 'root',
      children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }],
    });
  });

  test('what merely is long is read as ever', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `**${index}** of _many_ \`snake_case_names_\``).join('\n');
    expect(shape(parseMarkdown(lines))).toContain('<strong>59</strong> of <emphasis>many</emphasis>');
    expect(shape(parseMarkdown(`---------------------------\n**after a line**`))).toContain('<strong>');
  });

  test('lists that go deep line by line are shown as they stand', () => {
    const text = Array.from({ length: 60 }, (_, index) => `${' '.repeat(index * 2)}- a`).join('\n');
    expect(parseMarkdown(text).children).toHaveLength(1);
    expect(parseMarkdown(text).children[0]).toMatchObject({ type: 'paragraph' });
  });
});
