import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { RowResult } from './driver/messages.ts';
import { workloads } from './workloads/index.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

const Results = Type.Object({ rows: Type.Array(RowResult) });

const onLinux = process.platform === 'linux';

// That it measures, not what: a time of a shared machine proves nothing.
test.each(workloads.filter(({ name }) => onLinux || name !== 'w5'))(
  'a quick run of $title has every figure, and no void round',
  { timeout: 180_000 },
  async ({ name }) => {
    const args = [MAIN, '--quick', '--json', '--only', name];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
    const { rows } = Value.Parse(Results, JSON.parse(stdout));
    expect(rows).not.toEqual([]);
    const bad = rows.filter(
      ({ headline, rounds }) =>
        headline.length === 0 ||
        rounds.length === 0 ||
        rounds.some(({ figures, faults }) => faults.length > 0 || headline.some((figure) => !(figure in figures))),
    );
    expect(bad).toEqual([]);
  },
);
