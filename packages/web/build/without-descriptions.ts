import { Visitor, type ESTree, type Plugin } from 'vite';

/** Where the schemas are that the server makes its documentation from. */
const SCHEMAS = /\/packages\/protocol\/src\/[^/]+\.ts$/;

/** What of a schema is for readers alone, and written as it stands there. */
const FOR_READERS = new Set(['title', 'description', 'examples']);
const WRITTEN_OUT = new Set(['Literal', 'TemplateLiteral', 'BinaryExpression', 'ArrayExpression']);

interface Span {
  start: number;
  end: number;
}

/**
 * Leaves what schemas say to readers out of the scripts: the page checks by them and shows none of it. It is some 4 kB
 * of those that come before the first chat, gzipped.
 */
export function withoutDescriptions(): Plugin {
  return {
    name: 'without-descriptions',
    transform(code, id) {
      if (!SCHEMAS.test(id)) return null;
      const spans = descriptionsIn(this.parse(code));
      let text = '';
      let from = 0;
      for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
        if (start < from) continue;
        text += code.slice(from, start);
        from = end;
      }
      return { code: text + code.slice(from), map: null };
    },
  };
}

function descriptionsIn(program: ESTree.Program): Span[] {
  const spans: Span[] = [];
  const visitor = new Visitor({ ObjectExpression: (node) => void spans.push(...descriptionsOf(node)) });
  visitor.visit(program);
  return spans;
}

/** With the comma and the blanks after it, up to what comes next. */
function descriptionsOf({ properties, end }: ESTree.ObjectExpression): Span[] {
  return properties.flatMap((property, index) => {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') return [];
    if (!FOR_READERS.has(property.key.name) || !WRITTEN_OUT.has(property.value.type)) return [];
    return [{ start: property.start, end: properties[index + 1]?.start ?? end - 1 }];
  });
}
