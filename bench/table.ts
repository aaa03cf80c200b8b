import { figureNames } from './driver/measure.ts';
import { summaryOf, validRounds } from './summary.ts';
import type { Round, Row } from './workload.ts';

/** Of a processor, in percent: a round of which others took more is told. */
const DISTURBED = 15;

/** Figures that stand to the right of those told first: of each operation, and of the machine. */
const COLUMNS = [
  figureNames.perOperation('server'),
  figureNames.perOperation('PostgreSQL'),
  figureNames.perOperation('driver'),
  figureNames.share('server'),
  figureNames.share('PostgreSQL'),
  figureNames.share('driver'),
  figureNames.others,
  figureNames.memory('server'),
  figureNames.memory('PostgreSQL'),
];

/** The rows as lines of text, each figure as its median and, where there are more rounds, [lowest – highest]. */
export function tableOf(rows: readonly Row[]): string {
  const lines: string[][] = [['', 'median [lowest – highest]', ...COLUMNS]];
  for (const { name, headline, rounds } of rows) {
    const valid = validRounds(rounds);
    headline.forEach((figure, index) => {
      const first = index === 0;
      const label = first ? name : '';
      lines.push([
        label,
        headlineOf(valid, figure),
        ...COLUMNS.map((column) => (first ? medianOf(valid, column) : '')),
      ]);
    });
  }
  return [...aligned(lines), ...rows.flatMap(remarksOn)].join('\n');
}

function headlineOf(rounds: readonly Round[], figure: string): string {
  const summary = summaryOf(rounds, figure);
  if (summary === undefined) return `– ${figure}`;
  const range = rounds.length > 1 ? ` [${shown(summary.lowest)} – ${shown(summary.highest)}]` : '';
  return `${shown(summary.median)} ${figure}${range}`;
}

function medianOf(rounds: readonly Round[], figure: string): string {
  const summary = summaryOf(rounds, figure);
  return summary === undefined ? '' : shown(summary.median);
}

/** Three digits that mean something. */
function shown(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 2 : 4);
}

function remarksOn({ name, rounds }: Row): string[] {
  return rounds.flatMap(({ faults, figures }, index) => {
    const which = `${name}, round ${index + 1}`;
    const others = figures[figureNames.others] ?? 0;
    const stolen = figures[figureNames.stolen] ?? 0;
    return [
      ...(faults.length > 0 ? [`VOID: ${which}: ${faults.join('; ')}`] : []),
      ...(others > DISTURBED ? [`disturbed: ${which}: other processes took ${shown(others)} % of a processor`] : []),
      ...(stolen > DISTURBED ? [`disturbed: ${which}: other machines took ${shown(stolen)} % of a processor`] : []),
    ];
  });
}

function aligned(lines: readonly string[][]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines.map((line) =>
    line
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
