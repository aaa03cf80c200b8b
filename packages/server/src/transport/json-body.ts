import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { ProblemError } from '../domain/problem.ts';

/**
 * A request body as JSON.
 *
 * @throws ProblemError `malformed_json` that says where the mistake is and what was expected there.
 */
export function parseJson(bytes: Buffer): unknown {
  const text = decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw malformedJson(text, 'body');
  }
}

/** The refusal of text that is not JSON: where the mistake is, and what was expected there. */
export function malformedJson(text: string, subject: 'body' | 'frame'): ProblemError {
  return new ProblemError('malformed_json', explain(text).replace('The body', `The ${subject}`));
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError('malformed_json', 'The body is not UTF-8 text: encode the JSON as UTF-8.');
  }
}

/** What JSON.parse objected to, found again by a parser that knows positions. */
function explain(text: string): string {
  if (text.trim() === '') return 'The body is empty: a JSON object was expected.';
  const mistake = firstMistake(text);
  if (mistake === 'too deep') return 'The body is not JSON, and is nested too deeply to say where.';
  if (mistake === undefined) return 'The body is not JSON.';
  const { line, column } = position(text, mistake.offset);
  return `The body is not JSON: line ${line}, column ${column}: ${words(text, mistake)}.`;
}

function firstMistake(text: string): ParseError | 'too deep' | undefined {
  const mistakes: ParseError[] = [];
  try {
    parse(text, mistakes, { disallowComments: true, allowTrailingComma: false });
  } catch (error) {
    // Unlike JSON.parse, this parser calls itself for every level.
    if (error instanceof RangeError) return 'too deep';
    throw error;
  }
  return mistakes[0];
}

/** Line and column as editors count them, from 1. */
function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function words(text: string, mistake: ParseError): string {
  const found = text[mistake.offset];
  const afterComma = /,\s*$/.test(text.slice(0, mistake.offset));
  if (afterComma && (found === '}' || found === ']')) return `remove the comma before this “${found}”`;
  const code = printParseErrorCode(mistake.error);
  const unquoted = /^[^\s"{}[\]:,]+\s*:/.exec(text.slice(mistake.offset));
  if (code === 'InvalidSymbol' && unquoted !== null)
    return 'a name in double quotes was expected, and this one has none';
  const wrong = WRONG[code];
  if (wrong !== undefined) return wrong;
  const expected = EXPECTED[code] ?? 'something else was expected';
  return found === undefined ? `${expected}, but the body ends here` : `${expected}, but there is “${found}”`;
}

const EXPECTED: Partial<Record<string, string>> = {
  InvalidSymbol: 'a value was expected (text goes in double quotes)',
  PropertyNameExpected: 'a name in double quotes was expected',
  ValueExpected: 'a value was expected',
  ColonExpected: 'a colon was expected',
  CommaExpected: 'a comma was expected',
  CloseBraceExpected: 'a closing “}” was expected',
  CloseBracketExpected: 'a closing “]” was expected',
  EndOfFileExpected: 'the end of the body was expected',
};

const WRONG: Partial<Record<string, string>> = {
  InvalidNumberFormat: 'this number is not written as JSON has it',
  UnexpectedEndOfNumber: 'this number is not written as JSON has it',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'the text that begins here is not closed with a double quote',
  InvalidUnicode: 'this text holds an unfinished \\u escape (it has four digits, as in \\u00e9)',
  InvalidEscapeCharacter: 'this text holds an escape that JSON does not know (a backslash is written \\\\)',
  InvalidCharacter: 'this text holds a control character, which must be written as an escape (\\n for a line break)',
};
