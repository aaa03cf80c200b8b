import { expect, test } from 'vitest';
import { firstCell, gridRows, gridStep, type GridPlace } from './emoji-grid.ts';

const rows = gridRows(
  [
    { section: 'recent', cells: [] },
    { section: 'one', cells: ['a', 'b', 'c', 'd', 'e'] },
    { section: 'two', cells: ['f', 'g'] },
  ],
  3,
);

/** Where the keys lead, by what stands there. */
function after(from: string, ...keys: string[]): string | undefined {
  const row = rows.findIndex((one) => one.kind === 'cells' && one.cells.includes(from));
  const held = rows[row];
  let place: GridPlace | undefined = { row, column: held?.kind === 'cells' ? held.cells.indexOf(from) : -1 };
  for (const key of keys) place = place === undefined ? undefined : gridStep(rows, place, key);
  const at = place === undefined ? undefined : rows[place.row];
  return at?.kind === 'cells' ? at.cells[place?.column ?? 0] : undefined;
}

test('sections become lines under headings', () => {
  expect(rows.map((row) => (row.kind === 'cells' ? row.cells.join('') : `# ${row.section}`))).toEqual([
    '# one',
    'abc',
    'de',
    '# two',
    'fg',
  ]);
  expect(firstCell(rows)).toEqual({ row: 1, column: 0 });
  expect(firstCell(rows, 'two')).toEqual({ row: 4, column: 0 });
  expect(firstCell([])).toBeUndefined();
});

test('left and right go on from line to line, past headings, and stay at the ends', () => {
  expect(after('c', 'ArrowRight')).toBe('d');
  expect(after('e', 'ArrowRight')).toBe('f');
  expect(after('f', 'ArrowLeft')).toBe('e');
  expect(after('a', 'ArrowLeft')).toBe('a');
  expect(after('g', 'ArrowRight')).toBe('g');
});

test('up and down keep the column where the line is long enough', () => {
  expect(after('b', 'ArrowDown')).toBe('e');
  expect(after('c', 'ArrowDown')).toBe('e');
  expect(after('e', 'ArrowDown')).toBe('g');
  expect(after('g', 'ArrowUp', 'ArrowUp')).toBe('b');
  expect(after('a', 'PageDown')).toBe('f');
  expect(after('g', 'PageUp')).toBe('b');
  expect(after('a', 'ArrowUp')).toBe('a');
});

test('other keys mean nothing here', () => {
  expect(after('a', 'Enter')).toBeUndefined();
});
