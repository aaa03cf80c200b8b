import { figureNames } from '../driver/measure.ts';
import { summaryOf, validRounds } from '../summary.ts';
import type { Row } from '../workload.ts';

/**
 * How near a row comes to its limit: its rate as a part of the limit's, and the processor time of the limit as a part
 * of its own, that of the driver aside. 1 is the limit itself. Rows without valid rounds have none.
 */
export function ratioTo(row: Row, limit: Row): Row {
  const figures: Record<string, number> = {};
  const rate = rateOf(row) / rateOf(limit);
  const cost = costOf(limit) / costOf(row);
  if (Number.isFinite(rate)) figures['of its rate'] = rate;
  if (Number.isFinite(cost)) figures['of its processor time'] = cost;
  const name = `${row.name}, to ${limit.name}`;
  return { name, headline: Object.keys(figures), rounds: [{ figures, faults: [] }] };
}

/** The first figure of a row is its rate. */
function rateOf({ headline, rounds }: Row): number {
  return summaryOf(validRounds(rounds), headline[0] ?? '')?.median ?? Number.NaN;
}

function costOf({ rounds }: Row): number {
  const cost = (part: string): number | undefined =>
    summaryOf(validRounds(rounds), figureNames.perOperation(part))?.median;
  const server = cost('server');
  return server === undefined ? Number.NaN : server + (cost('PostgreSQL') ?? 0);
}
