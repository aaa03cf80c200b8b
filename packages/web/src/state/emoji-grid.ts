/** A line of the picker: a heading, or so many emoji as fit. */
export type GridRow<S, T> =
  | { kind: 'heading'; key: string; section: S }
  | { kind: 'cells'; key: string; section: S; cells: readonly T[] };

/** Where one is in the grid: a row that is no heading, and a cell of it. */
export interface GridPlace {
  row: number;
  column: number;
}

/** Sections as rows, each under its heading; those with nothing in them are left out. */
export function gridRows<S extends string, T>(
  sections: readonly { section: S; cells: readonly T[] }[],
  columns: number,
): GridRow<S, T>[] {
  return sections
    .filter(({ cells }) => cells.length > 0)
    .flatMap(({ section, cells }) => {
      const rows: GridRow<S, T>[] = [{ kind: 'heading', key: section, section }];
      for (let from = 0; from < cells.length; from += columns) {
        rows.push({ kind: 'cells', key: `${section} ${from}`, section, cells: cells.slice(from, from + columns) });
      }
      return rows;
    });
}

/** The first cell of the grid, or of a section; undefined where there is none. */
export function firstCell<S, T>(rows: readonly GridRow<S, T>[], section?: S): GridPlace | undefined {
  const row = rows.findIndex((one) => one.kind === 'cells' && (section === undefined || one.section === section));
  return row < 0 ? undefined : { row, column: 0 };
}

/** Rows that a page has. */
const PAGE = 5;

/**
 * Where a key leads: left and right go on from line to line, up and down stay in the column where they can.
 *
 * @returns undefined where the key means nothing here; the same place at an end of the grid.
 */
export function gridStep<S, T>(rows: readonly GridRow<S, T>[], place: GridPlace, key: string): GridPlace | undefined {
  switch (key) {
    case 'ArrowRight': {
      if (place.column + 1 < lengthOf(rows[place.row])) return { ...place, column: place.column + 1 };
      const row = nextCells(rows, place.row, 1);
      return row === undefined ? place : { row, column: 0 };
    }
    case 'ArrowLeft': {
      if (place.column > 0) return { ...place, column: place.column - 1 };
      const row = nextCells(rows, place.row, -1);
      return row === undefined ? place : { row, column: lengthOf(rows[row]) - 1 };
    }
    case 'ArrowDown':
      return byRows(rows, place, 1, 1);
    case 'ArrowUp':
      return byRows(rows, place, -1, 1);
    case 'PageDown':
      return byRows(rows, place, 1, PAGE);
    case 'PageUp':
      return byRows(rows, place, -1, PAGE);
    default:
      return undefined;
  }
}

function byRows<S, T>(rows: readonly GridRow<S, T>[], place: GridPlace, step: 1 | -1, count: number): GridPlace {
  let { row } = place;
  for (let done = 0; done < count; done += 1) row = nextCells(rows, row, step) ?? row;
  return { row, column: Math.min(place.column, lengthOf(rows[row]) - 1) };
}

function nextCells<S, T>(rows: readonly GridRow<S, T>[], from: number, step: 1 | -1): number | undefined {
  for (let row = from + step; row >= 0 && row < rows.length; row += step) if (rows[row]?.kind === 'cells') return row;
  return undefined;
}

function lengthOf(row: GridRow<unknown, unknown> | undefined): number {
  return row?.kind === 'cells' ? row.cells.length : 0;
}
