import type { Measure } from './web-measures.ts';
import type { Row } from './workload.ts';

/** The figures of the web client as rows of the table. */
export function webRows(measures: readonly Measure[]): Row[] {
  return measures.map(({ name, unit, values }) => ({
    name: `web: ${name}`,
    headline: [unit],
    rounds: values.map((value) => ({ figures: { [unit]: value }, faults: [] })),
  }));
}
