import http from 'node:http';
import { errors } from '@beseda/protocol/errors.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, createGroup, openChat, sendText, signUp, type Person } from '../testing/api-client.ts';
import { createRandom, type Random } from '../testing/random.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const REQUESTS = 20_000;
const PARALLEL = 16;
/** Hashing a password costs as much as a hundred other requests: one of so many goes to the endpoints that do. */
const COSTLY_SHARE = 0.01;

let server: TestServer;
let people: Person[];
let chats: number[];

beforeAll(async () => {
  server = await startTestServer();
  people = await Promise.all([signUp(server, 'anna'), signUp(server, 'boris'), signUp(server, 'clara')]);
  const [anna, boris, clara] = people;
  if (anna === undefined || boris === undefined || clara === undefined) throw new Error('nobody there');
  const group = await createGroup(server, anna, [boris]);
  const other = await createGroup(server, boris, [anna, clara]);
  chats = [group.id, other.id, (await openChat(server, anna, boris)).id];
  for (const id of chats) await sendText(server, anna, id, 'Hello');
});
afterAll(async () => {
  await server.stop();
});

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  format?: string;
  examples?: unknown[];
  $ref?: string;
}

interface Operation {
  method: string;
  path: string;
  parameters: { name: string; in: string; schema: Schema }[];
  body: Schema | undefined;
}

async function readOperations(): Promise<Operation[]> {
  const { body } = await ask(server, 'GET', '/openapi.json');
  const { paths, components } = body as {
    components: { schemas: Record<string, Schema> };
    paths: Record<
      string,
      Record<
        string,
        { parameters?: Operation['parameters']; requestBody?: { content: Record<string, { schema: Schema }> } }
      >
    >;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      body: resolved(requestBody?.content['application/json']?.schema, components.schemas),
    })),
  );
}

/** The schema of a body, which is a reference to one with a name. */
function resolved(schema: Schema | undefined, named: Record<string, Schema>): Schema | undefined {
  if (schema?.$ref === undefined) return schema;
  const found = named[schema.$ref.replace('#/components/schemas/', '')];
  if (found?.properties === undefined) throw new Error(`${schema.$ref} leads to no body`);
  return found;
}

const TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udc00b',
  '\u202eevil\u202c',
  '\u200b\u200d\ufeff',
  '👩‍👩‍👧‍👦',
  'ﷺ'.repeat(100),
  'İıſßẞǅ',
  'e\u0301'.repeat(60),
  '\u{10ffff}\u{fffe}',
  "'; DROP TABLE users; --",
  '%00%0a%ff',
  '${7*7}{{7*7}}',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '\r\nX-Injected: 1',
  '\\',
  '"',
  'null',
  'undefined',
  'NaN',
  '1e999',
  '-0',
  '0x10',
  '１２３',
  'urn:uuid:7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11',
  '{7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11}',
  '7b0c3a1e8a554b5e9d560d2f5a1c9e11',
  '7B0C3A1E-8A55-4B5E-9D56-0D2F5A1C9E11',
  'a@b.c',
  `${'a'.repeat(60)}@${'b'.repeat(180)}.example`,
  'x'.repeat(50),
  'x'.repeat(101),
  'x'.repeat(4096),
  'x'.repeat(4097),
  '😀'.repeat(4096),
  '__proto__',
  'constructor',
  'toString',
];

const NUMBERS = [
  0,
  -1,
  1,
  2,
  0.5,
  -0,
  2 ** 31,
  2 ** 31 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  1e21,
  1e308,
  -1e308,
  5e-324,
  200,
  201,
  10_001,
];

/** JSON that `JSON.stringify` would not write. */
const RAW_JSON = [
  '',
  ' ',
  '{',
  '}',
  '{"a":1,}',
  '[1,]',
  "{'a':1}",
  '{"a":1e999}',
  '{"text":1e400,"user_id":1e400}',
  '{"a":-}',
  '{"a":"\\ud800"}',
  '{"\\u0000":1}',
  '{"text":"\\u0000"}',
  '{"a":"\n"}',
  '{"a":"\\x"}',
  '{"a":undefined}',
  '{"text":"a","text":"b"}',
  '{"__proto__":{"text":"a"}}',
  '// comment\n{}',
  '\ufeff{}',
  'nul',
  '{"name":"x"} {"name":"y"}',
];

/** The same near the limit of a body: rarer, for the time they take. */
const LARGE_JSON = [
  '['.repeat(30_000),
  `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
  '{"a":'.repeat(10_000),
  `{"text":${'['.repeat(20_000)}"\\u0000"${']'.repeat(20_000)}}`,
  `{"name":"x","members":[${'0,'.repeat(20_000)}0]}`,
  `"${'\\'.repeat(20_000)}`,
  `{"x":"${'x'.repeat(66_000)}"}`,
  `{${'"a":1,'.repeat(9000)}"b":1}`,
];

function oddValue(random: Random, depth = 0): unknown {
  const kind = random.below(depth > 3 ? 5 : 8);
  if (kind <= 1) return random.pick(TEXTS);
  if (kind === 2) return random.pick(NUMBERS);
  if (kind === 3) return random.pick([true, false, null]);
  if (kind === 4) return random.text(random.below(20));
  if (kind === 5) return Array.from({ length: random.below(4) }, () => oddValue(random, depth + 1));
  if (kind === 6) return Object.fromEntries([[random.pick([...TEXTS, '$ne', 'a']), oddValue(random, depth + 1)]]);
  return nested(random.below(300));
}

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

function chatOrPerson(random: Random): number {
  return random.pick([...chats, ...people.map(({ id }) => id), 999_999]);
}

/** A value of the schema: mostly a plain one, sometimes one at an edge. */
function validValue(random: Random, schema: Schema): unknown {
  const type = Array.isArray(schema.type) ? random.pick(schema.type) : schema.type;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return random.pick(schema.enum);
  if (schema.anyOf !== undefined) return validValue(random, random.pick(schema.anyOf));
  if (type === 'integer' || type === 'number') {
    const edges = [schema.minimum ?? 0, schema.maximum ?? 100, (schema.minimum ?? 0) + 1];
    return random.chance(0.2) ? random.pick(edges) : chatOrPerson(random);
  }
  if (type === 'boolean') return random.chance(0.5);
  if (type === 'null') return null;
  if (type === 'array') {
    return Array.from({ length: random.below(4) }, () => validValue(random, schema.items ?? {}));
  }
  if (type === 'object' || schema.properties !== undefined) return validObject(random, schema);
  if (schema.format === 'uuid') return random.uuid();
  if (schema.format === 'email') return `${random.word(8)}@example.com`;
  if (random.chance(0.2)) return 'x'.repeat(random.pick([schema.minLength ?? 1, schema.maxLength ?? 100]));
  return random.chance(0.5) ? (schema.examples?.[0] ?? 'text') : `${random.word(6)} ${random.pick(TEXTS)}`.slice(0, 60);
}

function validObject(random: Random, schema: Schema): Record<string, unknown> {
  const entries = Object.entries(schema.properties ?? {}).filter(() => random.chance(0.9));
  return Object.fromEntries(entries.map(([name, property]) => [name, validValue(random, property)]));
}

/** A body as it goes out: valid, mutated in a field, or no such body at all. */
function bodyOf(random: Random, schema: Schema): string | Buffer {
  const kind = random.below(10);
  if (kind === 0) return random.pick(random.chance(0.1) ? LARGE_JSON : RAW_JSON);
  if (kind === 1) return random.bytes(random.below(200));
  if (kind === 2) return JSON.stringify(oddValue(random)) ?? '';
  const body = validObject(random, schema);
  if (kind <= 6) {
    const names = Object.keys(schema.properties ?? {});
    const mutations = 1 + random.below(2);
    for (let count = 0; count < mutations; count += 1) {
      const name = random.chance(0.8) && names.length > 0 ? random.pick(names) : random.pick(TEXTS);
      if (random.chance(0.15)) delete body[name];
      else body[name] = oddValue(random);
    }
  }
  const text = JSON.stringify(body);
  if (kind !== 7) return text;
  // A byte more, less or other somewhere in it.
  const bytes = Buffer.from(text);
  const at = random.below(bytes.length);
  if (random.chance(0.5)) bytes[at] = random.below(256);
  return random.chance(0.5) ? bytes.subarray(0, at) : bytes;
}

/** What a parameter becomes in an address. */
function parameterOf(random: Random, schema: Schema): string {
  if (random.chance(0.6)) return encodeURIComponent(String(validValue(random, schema)).toWellFormed());
  if (random.chance(0.3))
    return random.pick(['%', '%zz', '%00', '%ff%fe', '%c0%80', '%2e%2e', '%2f', ';', '..', '%25']);
  const value = random.chance(0.3) ? String(random.pick(NUMBERS)) : random.pick(TEXTS);
  const long = random.chance(0.05) ? '9'.repeat(random.pick([17, 30, 400, 5000])) : value;
  return encodeURIComponent(long.toWellFormed().slice(0, 5000));
}

function addressOf(random: Random, { path, parameters }: Operation): string {
  let address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    parameterOf(random, parameters.find((parameter) => parameter.name === name)?.schema ?? {}),
  );
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && random.chance(0.7))
    .map(({ name, schema }) => `${name}=${parameterOf(random, schema)}`);
  if (random.chance(0.1))
    query.push(`${random.pick(['x', 'token', 'limit', 'query', '__proto__', 'a[b]', '%', ''])}=1`);
  if (query.length > 0) address += `?${query.join('&')}`;
  if (!random.chance(0.05)) return address;
  return random.pick([
    `/${address}`,
    `${address}/`,
    address.replace('api', '%61pi'),
    address.toUpperCase(),
    address.replace('/v1', '/v1/.'),
    `${address}%`,
    `${address}#x`,
    `/docs/static/${address}`,
    `/ws/${chatOrPerson(random)}?token=x`,
  ]);
}

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'HEAD',
  'TRACE',
  'PROPFIND',
  'SEARCH',
  'LOCK',
  'QUERY',
];
const TYPES = [
  'application/json; charset=utf-8',
  'application/json;charset=utf-16',
  'APPLICATION/JSON',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/jsonp',
  'application',
  ';',
  '',
];
const ODD_HEADERS: Record<string, string>[] = [
  { 'idempotency-key': '7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11' },
  { 'idempotency-key': 'x' },
  { 'idempotency-key': 'urn:uuid:7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11' },
  { 'user-agent': '\u00ff'.repeat(500) },
  { 'x-forwarded-for': 'evil, 1.2.3.4' },
  { origin: 'null', 'access-control-request-method': 'DELETE' },
  { accept: 'text/html' },
  { 'accept-encoding': 'gzip, br' },
  { cookie: 'token=x' },
  { range: 'bytes=0-1' },
  { 'if-none-match': '*' },
  { connection: 'Upgrade', upgrade: 'h2c' },
  { 'x-http-method-override': 'DELETE' },
  { host: 'evil.example' },
  { 'accept-version': '1.0.0' },
  { te: 'trailers' },
  { authorization: 'Bearer x.y.z' },
];

interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}

function callOf(random: Random, operation: Operation): Call {
  const method = random.chance(0.05) ? random.pick(METHODS) : operation.method;
  const headers: Record<string, string> = random.chance(0.15) ? { ...random.pick(ODD_HEADERS) } : {};
  if (random.chance(0.95)) headers['authorization'] ??= `Bearer ${random.pick(people).token}`;
  const schema = operation.body ?? (random.chance(0.1) ? {} : undefined);
  const body = schema === undefined ? undefined : bodyOf(random, schema);
  if (body !== undefined) headers['content-type'] = random.chance(0.9) ? 'application/json' : random.pick(TYPES);
  // Longer ones are refused before they are read to the end, which has a test of its own.
  return { method, path: addressOf(random, operation).slice(0, 12_000), headers, body };
}

interface Reply {
  status: number;
  type: string;
  body: string;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: PARALLEL });

async function make({ method, path, headers, body }: Call): Promise<Reply> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { agent, hostname, port, method, path, headers: { ...headers, ...length } };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Costly for what they do to passwords, or for ending the sessions that the others need. */
const RARE = /\/auth\/(register|token|password)$/;
const ENDING = /\/auth\/(logout|sessions)/;

/** What is wrong with an answer, if anything is. */
function complaint(call: Call, { status, type, body }: Reply): string | undefined {
  if (status >= 500) return `${status} ${body}`;
  if (status < 400 || call.method === 'HEAD') return undefined;
  if (type !== 'application/problem+json; charset=utf-8') return `${status} as ${type}: ${body}`;
  const problem = JSON.parse(body) as { code?: string; status?: number; detail?: string };
  const known = Object.entries(errors).some(([code, error]) => code === problem.code && error.status === status);
  if (!known || problem.status !== status) return `${status} says ${body}`;
  return typeof problem.detail === 'string' && problem.detail !== '' ? undefined : `no detail: ${body}`;
}

test(`HT3 ${REQUESTS} requests made from the API's own description: never a 5xx, errors as documented`, async () => {
  const random = createRandom('FUZZ_SEED');
  const operations = (await readOperations()).filter(({ path }) => !path.endsWith('/auth/logout'));
  const rare = operations.filter(({ path }) => RARE.test(path));
  const usual = operations.filter(({ path, method }) => !RARE.test(path) && !(ENDING.test(path) && method !== 'GET'));
  const ending = operations.filter(({ path, method }) => ENDING.test(path) && method === 'DELETE');
  expect(rare.length).toBe(3);
  expect(usual.length).toBeGreaterThan(15);

  const statuses = new Map<number, number>();
  const complaints: string[] = [];
  const memoryBefore = process.memoryUsage().rss;
  const started = performance.now();
  let made = 0;
  const work = async (): Promise<void> => {
    while (made < REQUESTS && complaints.length < 10) {
      made += 1;
      const of = random.chance(COSTLY_SHARE) ? rare : random.chance(0.02) ? ending : usual;
      const call = callOf(random, random.pick(of));
      // Ending all other sessions would leave nobody signed in but one.
      if (call.method === 'DELETE' && /sessions\/?(\?|$)/.test(call.path)) continue;
      const reply = await make(call).catch((error: unknown) => `connection: ${String(error)}`);
      const wrong = typeof reply === 'string' ? reply : complaint(call, reply);
      if (typeof reply !== 'string') statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
      if (wrong !== undefined) {
        const { authorization: _, ...headers } = call.headers;
        const body = call.body?.toString().slice(0, 300);
        complaints.push(`${call.method} ${call.path.slice(0, 300)} ${JSON.stringify(headers)} ${body}\n → ${wrong}`);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const seconds = (performance.now() - started) / 1000;
  const drift = (process.memoryUsage().rss - memoryBefore) / 1024 / 1024;
  const counts = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  process.stdout.write(
    `fuzz-http: ${random.told} — ${made} requests in ${seconds.toFixed(1)} s, ${counts.join(', ')}; ` +
      `RSS ${drift >= 0 ? '+' : ''}${drift.toFixed(0)} MiB (server and client)\n`,
  );
  expect([random.told, ...complaints]).toEqual([random.told]);
  // The requests got past the doors: handlers have answered, in all the ways that they do.
  const usualStatuses = [200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 422];
  expect(usualStatuses.filter((status) => !statuses.has(status))).toEqual([]);
  expect((statuses.get(200) ?? 0) + (statuses.get(201) ?? 0) + (statuses.get(204) ?? 0)).toBeGreaterThan(REQUESTS / 20);

  // After all of that a plain request does what it should.
  const [anna] = people;
  if (anna === undefined) throw new Error('nobody there');
  const fresh = await signUp(server, 'after');
  const group = await createGroup(server, fresh, [anna]);
  expect(await sendText(server, fresh, group.id, 'still here')).toMatchObject({ id: 1, text: 'still here' });
  expect(server.logs()).not.toMatch(/"level":"(error|fatal)"/);
}, 120_000);
