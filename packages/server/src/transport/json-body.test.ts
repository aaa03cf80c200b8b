import { describe, expect, test } from 'vitest';
import { ProblemError } from '../domain/problem.ts';
import { parseJson } from './json-body.ts';

function complaint(body: string | Buffer): string {
  try {
    parseJson(Buffer.from(body));
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'malformed_json') return error.message;
    throw error;
  }
  return 'none';
}

describe('a body that is JSON', () => {
  test.each(['{}', ' {"name":"My Group"}\n', '[1,2]', '"text"', '1e3', 'true', 'null', '{"a":"Привет \\u00e9 😀"}'])(
    '%s',
    (text) => {
      expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
    },
  );

  test('is read whatever its names are, and sets no prototype', () => {
    const body = parseJson(Buffer.from('{"__proto__":{"admin":true}}'));
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect(Object.keys(body as object)).toEqual(['__proto__']);
  });

  test('may be nested as deeply as fits', () => {
    expect(complaint(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)).toBe('none');
  });
});

describe('a body that is not JSON is explained, with the place as editors count it', () => {
  test.each([
    ['{\n  "name": "My Group",\n}', 'line 3, column 1: remove the comma before this “}”'],
    ['{"members": [1, 2, ]}', 'line 1, column 20: remove the comma before this “]”'],
    ['{"name": "My Group"', 'line 1, column 20: a closing “}” was expected, but the body ends here'],
    ['{"members": [1, 2', 'line 1, column 18: a closing “]” was expected, but the body ends here'],
    ["{'name': 'My Group'}", 'line 1, column 2: a name in double quotes was expected, and this one has none'],
    ['{name: "My Group"}', 'line 1, column 2: a name in double quotes was expected, and this one has none'],
    ['{"name" "My Group"}', 'line 1, column 9: a colon was expected, but there is “"”'],
    ['{\n  "name": "a"\n  "members": []\n}', 'line 3, column 3: a comma was expected, but there is “"”'],
    ['{"name": None}', 'line 1, column 10: a value was expected (text goes in double quotes), but there is “N”'],
    ['{"name": undefined}', 'line 1, column 10: a value was expected (text goes in double quotes), but there is “u”'],
    ['{"name": }', 'line 1, column 10: a value was expected, but there is “}”'],
    ['{"name": "a"} {}', 'line 1, column 15: the end of the body was expected, but there is “{”'],
    ['{"name": "a" /* why */}', 'line 1, column 14: JSON has no comments'],
    ['{"name": "a\\x"}', 'line 1, column 10: this text holds an escape that JSON does not know'],
    ['{"name": "a', 'line 1, column 10: the text that begins here is not closed with a double quote'],
    ['{"name": 1.}', 'line 1, column 10: this number is not written as JSON has it'],
    ['{"имя": "Группа",}', 'line 1, column 18: remove the comma before this “}”'],
    ['{\r\n  "name": "a",\r\n}', 'line 3, column 1: remove the comma before this “}”'],
  ])('%j', (body, words) => {
    expect(complaint(body)).toContain(`The body is not JSON: ${words}`);
  });

  test.each(['', ' ', '\n\t'])('an empty one: %j', (body) => {
    expect(complaint(body)).toBe('The body is empty: a JSON object was expected.');
  });

  test('one that is no UTF-8', () => {
    expect(complaint(Buffer.from([0x7b, 0xff, 0x7d]))).toBe('The body is not UTF-8 text: encode the JSON as UTF-8.');
    expect(complaint(Buffer.from('{"a":1}', 'utf16le'))).toMatch(/^The body is not /);
  });

  test.each([
    ['[', 60_000],
    ['{"a":', 12_000],
    ['[{"a":', 10_000],
  ])('one nested without end: %s', (text, times) => {
    expect(complaint(text.repeat(times))).toMatch(/^The body is not JSON/);
  });

  test('each has some words, whatever is cut off or changed in it', () => {
    const whole = '{"name": "Группа \\u00e9", "members": [1, -2.5e3, true, null], "x": {"y": {}}}';
    for (let length = 0; length < whole.length; length += 1) {
      expect(complaint(whole.slice(0, length))).toMatch(/^The body is (empty|not JSON: line 1, column \d+: .+\.$)/);
      for (const character of ['"', ',', '}', '\\', '\n', '\0']) {
        const changed = whole.slice(0, length) + character + whole.slice(length + 1);
        expect(complaint(changed)).toMatch(/^(none$|The body is not JSON)/);
      }
    }
  });
});
