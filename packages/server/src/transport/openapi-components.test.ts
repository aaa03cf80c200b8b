import { expect, test } from 'vitest';
import { withComponents, withOptionalExamples } from './openapi-components.ts';

const properties = { title: { type: 'string', description: 'Not a name of the schema.' } };
const book = { title: 'Book', description: 'A book.', type: 'object', properties };
const loan = { ...book, description: 'What was lent; null: nothing.', type: ['object', 'null'] };

test('a schema with a title stands once, and a place that also takes null keeps its own description', () => {
  const shelf = { title: 'Shelf', type: 'object', properties: { lent: loan, books: { type: 'array', items: book } } };
  const document = { paths: { '/': { schema: shelf, example: { schema: book } } }, components: { other: 1 } };
  const before = structuredClone(document);
  const reference = { $ref: '#/components/schemas/Book' };
  const lent = { description: 'What was lent; null: nothing.', anyOf: [reference, { type: 'null' }] };
  expect(withComponents(document)).toEqual({
    paths: { '/': { schema: { $ref: '#/components/schemas/Shelf' }, example: { schema: book } } },
    components: {
      other: 1,
      schemas: {
        Book: book,
        Shelf: { title: 'Shelf', type: 'object', properties: { lent, books: { type: 'array', items: reference } } },
      },
    },
  });
  expect(document).toEqual(before);
});

test('two different schemas of one title are a mistake', () => {
  const other = { ...book, properties: {} };
  expect(() => withComponents({ a: { schema: book }, b: { schema: other } })).toThrow('Book');
});

test('an example of a parameter that may be left out is not one to be filled in', () => {
  const needed = { in: 'path', name: 'a', required: true, schema: { type: 'integer' }, example: 1 };
  const optional = { in: 'query', name: 'b', schema: { type: 'integer' }, example: 2 };
  expect(withOptionalExamples({ parameters: [needed, optional] })).toEqual({
    parameters: [needed, { in: 'query', name: 'b', schema: { type: 'integer', examples: [2] } }],
  });
});
