import { errors, Problem } from '@beseda/protocol/errors.ts';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../testing/api-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

interface Schema {
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  examples?: unknown[];
}

interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

interface Operation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, unknown>[];
  parameters?: ({ name: string; in: string; required?: boolean; description?: string } & Media)[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  tags: { name: string }[];
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
}

let server: TestServer;
let document: Document;
let operations: [name: string, operation: Operation][];

beforeAll(async () => {
  server = await startTestServer();
  document = (await ask(server, 'GET', '/openapi.json')).body as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
});
afterAll(async () => {
  await server.stop();
});

/** Those of whom something is not so, by name. */
function lacking(has: (operation: Operation) => unknown): string[] {
  return operations.filter(([, operation]) => !filled(has(operation))).map(([name]) => name);
}

function filled(value: unknown): boolean {
  return value !== undefined && value !== '' && value !== false;
}

function named(reference: string): Schema {
  const schema = document.components.schemas[reference.replace('#/components/schemas/', '')];
  if (schema === undefined) throw new Error(`${reference} leads nowhere`);
  return schema;
}

/** The schema without references, as a validator takes it. */
function resolved(schema: Schema): Schema {
  if (schema.$ref !== undefined) return resolved(named(schema.$ref));
  const properties = Object.entries(schema.properties ?? {}).map(([name, property]) => [name, resolved(property)]);
  return {
    ...schema,
    ...(schema.properties === undefined
      ? {}
      : { properties: Object.fromEntries(properties) as Record<string, Schema> }),
    ...(schema.items === undefined ? {} : { items: resolved(schema.items) }),
    ...(schema.anyOf === undefined ? {} : { anyOf: schema.anyOf.map(resolved) }),
  };
}

/** Every field below a schema, by its way there. */
function fields(schema: Schema, way: string): [way: string, field: Schema][] {
  const own = Object.entries(schema.properties ?? {});
  return [
    ...own.map(([name, field]): [string, Schema] => [`${way}.${name}`, field]),
    ...own.flatMap(([name, field]) => fields(field, `${way}.${name}`)),
    ...(schema.items === undefined ? [] : fields(schema.items, `${way}[]`)),
    ...(schema.anyOf ?? []).flatMap((one, index) => fields(one, `${way}|${one.title ?? index}`)),
  ];
}

function medias(): [way: string, media: Media][] {
  return operations.flatMap(([name, { requestBody, responses }]) => [
    ...Object.entries(requestBody?.content ?? {}).map(([type, media]): [string, Media] => [
      `${name} takes ${type}`,
      media,
    ]),
    ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
      Object.entries(content).map(([type, media]): [string, Media] => [`${name} gives ${status} ${type}`, media]),
    ),
  ]);
}

function examplesOf(media: Media): unknown[] {
  const more = Object.values(media.examples ?? {}).map(({ value }) => value);
  return media.example === undefined ? more : [media.example, ...more];
}

describe('the OpenAPI document', () => {
  test('is of version 3.1, and every reference in it leads somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.length).toBeGreaterThan(30);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = '']) => to);
    expect(references.length).toBeGreaterThan(50);
    const whereTo = new Set(references);
    expect([...whereTo].filter((to) => !to.startsWith('#/components/schemas/'))).toEqual([]);
    expect([...whereTo].map((to) => typeof named(to))).toEqual([...whereTo].map(() => 'object'));
  });

  test('has the shapes that recur under their names', () => {
    const names = ['Account', 'Chat', 'Group', 'Message', 'MessageFrame', 'Problem', 'Session', 'Tokens', 'User'];
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(names));
    const untitled = medias().filter(([, { schema = {} }]) => {
      const one = schema.items ?? schema;
      return one.$ref === undefined && (one.properties !== undefined || one.title !== undefined);
    });
    expect(untitled.map(([way]) => way)).toEqual([]);
  });

  test('every operation has a name, a summary, a description and a tag that the document knows', () => {
    expect(lacking(({ operationId }) => /^[a-z]+[A-Za-z]*[A-Z][A-Za-z]*$/.test(operationId ?? ''))).toEqual([]);
    expect(lacking(({ summary }) => summary)).toEqual([]);
    expect(lacking(({ description }) => description)).toEqual([]);
    const tags = new Set(document.tags.map(({ name }) => name));
    expect(
      lacking((operation) => operation.tags?.length === 1 && operation.tags.every((tag) => tags.has(tag))),
    ).toEqual([]);
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test('every operation asks for what the document offers to authorise with', () => {
    const schemes = new Set(Object.keys(document.components.securitySchemes));
    expect([...schemes]).toEqual(['token', 'password']);
    expect(lacking(({ security = [] }) => security.flatMap(Object.keys).every((name) => schemes.has(name)))).toEqual(
      [],
    );
  });

  test('every parameter has a description, and an example that it would take', () => {
    const parameters = operations.flatMap(([name, operation]) =>
      (operation.parameters ?? []).map((parameter) => ({
        way: `${name} ${parameter.in} ${parameter.name}`,
        parameter,
      })),
    );
    expect(parameters.length).toBeGreaterThan(30);
    expect(parameters.filter(({ parameter }) => !filled(parameter.description)).map(({ way }) => way)).toEqual([]);
    const wrong = parameters.filter(({ parameter }) => {
      // Swagger UI fills in an example beside the schema: of what may be left out, that would be all at once.
      const examples = parameter.required === true ? examplesOf(parameter) : (parameter.schema?.examples ?? []);
      return examples.length === 0 || !examples.every((value) => Value.Check(resolved(parameter.schema ?? {}), value));
    });
    expect(wrong.map(({ way }) => way)).toEqual([]);
  });

  test('every field of every body has a description, and its examples are such as it would take', () => {
    const all = medias().flatMap(([way, { schema = {} }]) => fields(resolved(schema), way));
    expect(all.length).toBeGreaterThan(300);
    expect(all.filter(([, { description }]) => !filled(description)).map(([way]) => way)).toEqual([]);
    const wrong = all.filter(([, field]) => field.examples?.every((value) => Value.Check(field, value)) === false);
    expect(wrong.map(([way]) => way)).toEqual([]);
  });

  test('every body that is asked for has an example that would be taken', () => {
    const asked = medias().filter(([way]) => way.includes(' takes '));
    expect(asked.length).toBeGreaterThan(8);
    const wrong = asked.filter(([, media]) => {
      const examples = examplesOf(media);
      return examples.length === 0 || !examples.every((value) => Value.Check(resolved(media.schema ?? {}), value));
    });
    expect(wrong.map(([way]) => way)).toEqual([]);
  });

  test('every answer is described, and every error has an example for each code that is named', () => {
    const wrong: string[] = [];
    for (const [name, { responses }] of operations) {
      for (const [status, { description, content = {} }] of Object.entries(responses)) {
        const way = `${name} ${status}`;
        if (description === '' || description === 'Default Response') wrong.push(`${way}: no description`);
        if (Number(status) < 400) continue;
        expect(Object.keys(content)).toEqual(['application/problem+json']);
        const examples = content['application/problem+json']?.examples ?? {};
        const codes = [...description.matchAll(/`(\w+)`: /g)].map(([, code]) => code);
        if (codes.length === 0 || Object.keys(examples).join(' ') !== codes.join(' ')) wrong.push(`${way}: examples`);
        for (const [code, { value }] of Object.entries(examples)) {
          const known = Object.entries(errors).some(([one, error]) => one === code && error.status === Number(status));
          const { code: told, status: toldStatus } = Value.Parse(Problem, value);
          if (!known || told !== code || toldStatus !== Number(status)) wrong.push(`${way}: ${code}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
