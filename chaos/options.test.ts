import { describe, expect, test } from 'vitest';
import { readCommand } from './options.ts';

const read = (...args: string[]) => readCommand(args, () => 0.5);

describe('npm run chaos', () => {
  test('without options it runs for two minutes, with a seed of its own', () => {
    expect(read()).toMatchObject({ kind: 'run', options: { seed: 2 ** 31, minutes: 2, kills: 24, databaseKills: 8 } });
  });

  test('counts follow from the length, unless given', () => {
    expect(read('--minutes', '0.5', '--kills', '100')).toMatchObject({ options: { kills: 100, natsKills: 1 } });
  });

  test('--rolling restarts, and breaks nothing else', () => {
    expect(read('--rolling')).toMatchObject({ options: { restarts: 12, kills: 0, databaseKills: 0, faults: 0 } });
  });

  test('--power-cut cuts the power', () => {
    expect(read('--power-cut', '--cuts', '7', '--no-sync')).toMatchObject({ cuts: 7, synchronousCommit: false });
  });

  test.each([
    [['--minutes', 'ten'], /^--minutes: expected a number from 0.1 to 1440, got "ten"$/],
    [['--nodes', '0'], /^--nodes: expected a number from 1 to 8/],
    [['--broken', 'x'], /^--broken: expected early-ack, got "x"$/],
    [['--kils', '3'], /--kils/],
  ])('%j is told', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  test('the same seed plans the same', () => {
    expect(read('--seed', '7')).toEqual(read('--seed', '7'));
  });
});
