import { isDeepStrictEqual } from 'node:util';

/** The parts of a JSON schema that this file looks at. */
interface Schema {
  title?: string;
  description?: string;
  type?: string | readonly string[];
  [keyword: string]: unknown;
}

type Tree = Record<string, unknown>;

/**
 * An OpenAPI document in which every schema with a `title` stands once, under `components.schemas`, and is referred to
 * from where it is used. The document given is left as it is.
 *
 * @throws Error where two different schemas have one title.
 */
export function withComponents<D extends object>(document: D): D {
  const named = new Map<string, Schema>();
  const lifted = atSchemas(document, (schema) => collect(schema, named)) as Tree;
  const schemas = Object.fromEntries([...named].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { ...lifted, components: { ...asTree(lifted['components']), schemas } } as unknown as D;
}

/**
 * The document with the examples of parameters that may be left out moved into their schemas. Swagger UI fills in what
 * stands beside a schema, and would so send all of them at once.
 */
export function withOptionalExamples<D extends object>(document: D): D {
  return atParameters(document) as D;
}

function atParameters(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(atParameters);
  if (!isTree(node)) return node;
  if (typeof node['in'] !== 'string' || !isTree(node['schema']) || node['required'] === true) {
    return mapTree(node, atParameters);
  }
  const { example, schema, ...rest } = node;
  return example === undefined ? node : { ...rest, schema: { ...schema, examples: [example] } };
}

/** The tree with each schema replaced: what stands under `schema`. */
function atSchemas(node: unknown, change: (schema: Schema) => Schema): unknown {
  if (Array.isArray(node)) return node.map((item) => atSchemas(item, change));
  if (!isTree(node)) return node;
  return mapTree(node, (value, key) => {
    // Examples are data: what looks like a schema there is none.
    if (key === 'example' || key === 'examples') return value;
    if (key === 'schema' && isTree(value)) return change(value);
    return atSchemas(value, change);
  });
}

/** The schema with each schema directly inside it replaced. */
function inside(schema: Schema, change: (schema: Schema) => Schema): Schema {
  const one = (value: unknown): unknown => (isTree(value) ? change(value) : value);
  return mapTree(schema, (value, keyword) => {
    if (keyword === 'properties' && isTree(value)) return mapTree(value, one);
    if (keyword === 'items' || keyword === 'additionalProperties') return one(value);
    if (['anyOf', 'oneOf', 'allOf'].includes(keyword) && Array.isArray(value)) return value.map(one);
    return value;
  });
}

/** What to write in the place of a schema: where it has a title, a reference to the one of `named`. */
function collect(schema: Schema, named: Map<string, Schema>): Schema {
  const whole = inside(schema, (part) => collect(part, named));
  const { title } = whole;
  if (title === undefined) return whole;
  const nullable = typeof whole.type === 'object';
  const plain = typeof whole.type === 'object' ? { ...whole, type: notNull(whole.type) } : whole;
  const known = named.get(title);
  if (known !== undefined && !isDeepStrictEqual({ ...known, description: '' }, { ...plain, description: '' })) {
    throw new Error(`two different schemas are called ${title}`);
  }
  // Where null may stand too, the description may be of that place; so the one of another place is the schema's own.
  if (known === undefined || !nullable) named.set(title, plain);
  const reference = { $ref: `${PREFIX}${title}` };
  if (!nullable) return reference;
  const { description } = whole;
  return { ...(description === undefined ? {} : { description }), anyOf: [reference, { type: 'null' }] };
}

const PREFIX = '#/components/schemas/';

function notNull(type: readonly string[]): string {
  return type.find((one) => one !== 'null') ?? 'null';
}

function mapTree(tree: Tree, change: (value: unknown, key: string) => unknown): Tree {
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, change(value, key)]));
}

function asTree(value: unknown): Tree {
  return isTree(value) ? value : {};
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
