import { errors, Problem } from '@beseda/protocol/errors.ts';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, createGroup, openChat, signUp, type Answer, type Asking, type Person } from '../testing/api-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
/** A chat of Anna's. */
let chatId: number;

beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
  chatId = (await createGroup(server, anna, [boris])).id;
});
afterAll(async () => {
  await server.stop();
});

/** The problem that an answer is; fails where its form is not that of RFC 9457 or its parts do not agree. */
function problem({ status, headers, body }: Answer): Problem {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const parsed = Value.Parse(Problem, body);
  const row = Object.entries(errors).find(([code]) => code === parsed.code)?.[1];
  expect([parsed.status, parsed.title, parsed.type]).toEqual([status, row?.title, 'about:blank']);
  expect(row?.status).toBe(status);
  return parsed;
}

async function refusal(method: string, path: string, asking: Asking = {}): Promise<Problem & { headers: Headers }> {
  const answer = await ask(server, method, path, { token: anna.token, ...asking });
  return { ...problem(answer), headers: answer.headers };
}

const asJson = (raw: string | Uint8Array<ArrayBuffer>): Asking => ({
  raw,
  headers: { 'content-type': 'application/json' },
});

describe('HT3 malformed JSON', () => {
  test('HT3 a request without a body may say that it is JSON, where none is asked for', async () => {
    const path = `/groups/${chatId}/members/${boris.id}`;
    const answer = await ask(server, 'POST', path, { token: anna.token, ...asJson('') });
    expect(answer.status).toBe(204);
    expect(await refusal('POST', '/groups/', asJson(''))).toMatchObject({ code: 'malformed_json' });
  });

  test.each([
    ['{\n  "name": "My Group",\n}', 'line 3, column 1: remove the comma before this “}”'],
    ['["a",\n]', 'line 2, column 1: remove the comma before this “]”'],
    ['{"name": "My Group"', 'line 1, column 20: a closing “}” was expected, but the body ends here'],
    ["{'name': 1}", 'line 1, column 2: a name in double quotes was expected, and this one has none'],
    ['{"a": 1\n"b": 2}', 'line 2, column 1: a comma was expected, but there is “"”'],
    ['{"name" "x"}', 'line 1, column 9: a colon was expected, but there is “"”'],
    ['{"name": "My Group}', 'line 1, column 10: the text that begins here is not closed with a double quote'],
    ['{"name": 1.}', 'line 1, column 10: this number is not written as JSON has it'],
    ['{} {}', 'line 1, column 4: the end of the body was expected, but there is “{”'],
    ['{"a": 1 /* one */}', 'line 1, column 9: JSON has no comments'],
  ])('HT3 %j is told as: %s', async (raw, words) => {
    const { code, detail } = await refusal('POST', '/groups/', asJson(raw));
    expect([code, detail]).toEqual(['malformed_json', `The body is not JSON: ${words}.`]);
  });

  test('HT3 a body that is empty, or not UTF-8, is told so', async () => {
    expect(await refusal('POST', '/groups/', asJson(''))).toMatchObject({
      status: 400,
      detail: 'The body is empty: a JSON object was expected.',
    });
    expect(await refusal('POST', '/groups/', asJson(new Uint8Array([0x7b, 0xff, 0x7d])))).toMatchObject({
      status: 400,
      detail: expect.stringContaining('UTF-8'),
    });
  });

  test('HT3 whatever is wrong with JSON, the answer is a 400 with line and column', async () => {
    const bodies = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', '}', '{', '"', ':', '\\', '\n', '0', 'x', ']', '\u0001', ' '),
      )
      .map(([json, at, insert]) => {
        const index = at % (json.length + 1);
        return json.slice(0, index) + insert + json.slice(index + 1);
      })
      .filter((text) => text.trim() !== '' && !isJson(text));
    await fc.assert(
      fc.asyncProperty(bodies, async (raw) => {
        const { status, detail } = await refusal('POST', '/groups/', asJson(raw));
        expect(status).toBe(400);
        expect(detail).toMatch(/^The body is not JSON: line \d+, column \d+: .+\.$/s);
        expect(detail).not.toContain('something else');
      }),
      { numRuns: 200 },
    );
  });

  test('HT3 however deep a body is nested, it costs a 4xx', async () => {
    expect(await refusal('POST', '/groups/', asJson('['.repeat(60_000)))).toMatchObject({ code: 'malformed_json' });
    const nul = asJson(`{"name": "x", "members": ${deep(String.raw`"\u0000"`)}}`);
    expect(await refusal('POST', '/groups/', nul)).toMatchObject({ code: 'invalid_input' });
    expect(await refusal('POST', '/groups/', asJson(`{"name": ${deep('1')}}`))).toMatchObject({
      code: 'invalid_input',
    });
  });
});

function deep(core: string): string {
  return `${'['.repeat(30_000)}${core}${']'.repeat(30_000)}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('HT3 invalid input', () => {
  test('HT3 a 422 names every invalid field, in its detail too', async () => {
    const {
      status,
      code,
      detail,
      errors: fields,
    } = await refusal('POST', '/auth/register', {
      json: { username: 'x', email: 'no address', password: 'short' },
    });
    expect([status, code]).toEqual([422, 'invalid_input']);
    expect(fields?.map(({ loc }) => loc)).toEqual([
      ['body', 'username'],
      ['body', 'email'],
      ['body', 'password'],
    ]);
    for (const field of ['body.username', 'body.email', 'body.password']) expect(detail).toContain(field);
  });

  test.each([
    ['GET', '/messages/history/{id}?limit=0', ['query', 'limit']],
    ['GET', '/messages/history/{id}?limit=201', ['query', 'limit']],
    ['GET', '/messages/history/{id}?limit=-1', ['query', 'limit']],
    ['GET', '/messages/history/{id}?limit=1.5', ['query', 'limit']],
    ['GET', '/messages/history/{id}?limit=ten', ['query', 'limit']],
    ['GET', '/messages/history/{id}?limit=', ['query', 'limit']],
    ['GET', '/messages/history/{id}?limit=1&limit=2', ['query', 'limit']],
    ['GET', '/messages/history/{id}?limit=9223372036854775808', ['query', 'limit']],
    ['GET', '/messages/history/{id}?offset=-1', ['query', 'offset']],
    ['GET', '/messages/history/{id}?offset=9007199254740992', ['query', 'offset']],
    ['GET', '/messages/history/{id}?before=0', ['query', 'before']],
    ['GET', '/messages/history/{id}?after=-1', ['query', 'after']],
    ['GET', '/chats/{id}/changes', ['query', 'since']],
    ['GET', '/chats/{id}/changes?since=-1', ['query', 'since']],
    ['GET', '/chats/{id}/changes?since=9007199254740992', ['query', 'since']],
    ['GET', '/chats/0', ['path', 'chat_id']],
    ['GET', '/chats/9007199254740992', ['path', 'chat_id']],
    ['GET', `/chats/${'9'.repeat(400)}`, ['path', 'chat_id']],
    ['GET', '/chats/x', ['path', 'chat_id']],
    ['GET', '/groups/-5', ['path', 'group_id']],
    ['POST', '/groups/{id}/members/9007199254740992', ['path', 'user_id']],
    ['DELETE', '/groups/{id}/members/you', ['path', 'user_id']],
    ['DELETE', '/auth/sessions/urn:uuid:7b0c3a1e-8a55-4b5e-9d56-0d2f5a1c9e11', ['path', 'session_id']],
    ['GET', '/users/?query=', ['query', 'query']],
    ['GET', '/users/?query=%00', ['query', 'query']],
    ['GET', '/users/1e400', ['path', 'user_id']],
  ])('HT3 %s %s is a 422 that names %j', async (method, path, loc) => {
    const { status, errors: fields } = await refusal(method, path.replace('{id}', String(chatId)));
    expect([status, fields?.map((field) => field.loc)]).toEqual([422, [loc]]);
  });

  test.each([9_007_199_254_740_992, 0, -1, 1.5, '2', null, [2], { id: 2 }, true])(
    'HT3 a chat with user %j is a 422',
    async (userId) => {
      const { status, errors: fields } = await refusal('POST', '/chats/', { json: { user_id: userId } });
      expect([status, fields?.[0]?.loc]).toEqual([422, ['body', 'user_id']]);
    },
  );

  test('HT3 a number past all bounds is a 422', async () => {
    const { status, errors: fields } = await refusal('POST', '/chats/', asJson('{"user_id": 1e400}'));
    expect([status, fields?.[0]?.loc]).toEqual([422, ['body', 'user_id']]);
  });

  test('HT3 a body that is missing, or no object, is a 422', async () => {
    expect(await refusal('POST', '/groups/')).toMatchObject({ status: 422 });
    for (const raw of ['[]', '"text"', 'null', '1']) {
      expect(await refusal('POST', '/groups/', asJson(raw))).toMatchObject({ status: 422 });
    }
  });

  test('HT3 fields that nobody asked for are ignored', async () => {
    const json = { name: 'x', creator_id: boris.id, id: 1, role: 'creator' };
    const { body } = await ask(server, 'POST', '/groups/', { token: anna.token, json });
    expect(body).toMatchObject({ creator_id: anna.id, members: [anna.id] });
  });
});

describe('HT3 a chat of others is a chat that does not exist', () => {
  test('HT3 the two are answered alike on every address that names a chat', async () => {
    const theirs = await createGroup(server, boris);
    const personal = await openChat(server, boris, await signUp(server));
    const requests: [string, string, Asking?][] = [
      ['GET', '/chats/{id}'],
      ['GET', '/chats/{id}/changes?since=0'],
      ['GET', '/messages/history/{id}'],
      ['POST', '/messages/{id}/send', { json: { text: 'hello' } }],
      ['GET', '/groups/{id}'],
      ['PATCH', '/groups/{id}', { json: { name: 'x' } }],
      ['GET', '/groups/{id}/members'],
      ['POST', `/groups/{id}/members/${anna.id}`],
      ['DELETE', `/groups/{id}/members/${boris.id}`],
      ['DELETE', '/groups/{id}/members/me'],
    ];
    for (const [method, path, asking] of requests) {
      const answers = await Promise.all(
        [theirs.id, personal.id, 999_999].map(async (id) => {
          const answer = await refusal(method, path.replace('{id}', String(id)), asking);
          const { status, code, title, type, errors: fields } = answer;
          const detail = answer.detail.replaceAll(String(id), '{id}');
          return { method, path, status, code, title, type, fields, detail, headers: [...answer.headers.keys()] };
        }),
      );
      expect(answers[0]).toMatchObject({ status: 404, code: 'chat_not_found' });
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
  });
});
