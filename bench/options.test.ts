import { describe, expect, test } from 'vitest';
import { readCommand } from './options.ts';

const read = (...args: string[]) => readCommand(args, ['w1', 'w2', 'w3']);

describe('npm run bench', () => {
  test('without options it runs every workload, three rounds of five seconds', () => {
    expect(read()).toEqual({
      kind: 'run',
      only: ['w1', 'w2', 'w3'],
      pin: false,
      json: false,
      web: false,
      extent: { rounds: 3, seconds: 5, quick: false, door: 'main', growth: [1000, 100_000, 1_000_000] },
    });
  });

  test('--only chooses some, in their own order', () => {
    expect(read('--only', 'w3,W1')).toMatchObject({ only: ['w1', 'w3'] });
  });

  test('--quick is one short round, unless told otherwise', () => {
    expect(read('--quick')).toMatchObject({ extent: { quick: true, rounds: 1, seconds: 0.2 } });
    expect(read('--quick', '--rounds', '2')).toMatchObject({ extent: { quick: true, rounds: 2 } });
  });

  test('--growth chooses how large W9 becomes, the smallest first', () => {
    expect(read('--growth', '10000000, 1000')).toMatchObject({ extent: { growth: [1000, 10_000_000] } });
  });

  test('--help says what there is', () => {
    expect(read('--help')).toEqual({ kind: 'help' });
  });

  test.each([
    [['--only', 'w1,w77'], /^--only: there is no workload "w77". There are w1, w2, w3.$/],
    [['--rounds', '0'], /^--rounds: expected a whole number from 1 to 100, got "0"$/],
    [['--rounds', '2.5'], /^--rounds: expected a whole number/],
    [['--seconds', 'ten'], /^--seconds: expected a number from 0.1 to 600, got "ten"$/],
    [['--door', 'back'], /^--door: expected main or chat, got "back"$/],
    [['--growth', '1000'], /^--growth: expected two sizes or more/],
    [['--growth', '1000,1e7'], /^--growth: expected a whole number from 1000 to 100000000, got "1e7"$/],
    [['--pinned'], /--pinned.*\nSee npm run bench -- --help\.$/s],
    [['w1'], /w1/],
  ])('%j is told', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});
