import { KINDS, type Findings, type Kind } from './findings.ts';
import type { Measures } from './measures.ts';

/** What a run came to. */
export interface Report {
  title: string;
  /** What was done, by name. */
  done: [name: string, count: number | string][];
  findings: Findings;
  /** What was looked for; all of it by default. */
  judged?: readonly Kind[];
  measures: Measures;
}

const ALL = Object.keys(KINDS) as Kind[];

/** The report for people. */
export function tableOf({ title, done, findings, judged = ALL, measures }: Report): string {
  const rows: [string, string][] = [
    ...done.map(([name, count]): [string, string] => [name, String(count)]),
    ...measures
      .summary()
      .map(({ name, count, median, max }): [string, string] => [
        name,
        `median ${seconds(median)}, longest ${seconds(max)} (${count})`,
      ]),
    ...judged.map((kind): [string, string] => [KINDS[kind], String(findings.count(kind))]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [title, ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`), ...findings.told()].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
