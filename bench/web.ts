import process from 'node:process';
import { benchWeb } from './web-bench.ts';
import { webExtents } from './web-extents.ts';

// How fast the web client is, in a real browser. See README.md.
const port = Number(process.env['BENCH_PORT'] ?? 8765);
const options = new Set(process.argv.slice(2));

const json = options.has('--json');
const { processors, load, ...report } = await benchWeb(
  port,
  options.has('--quick') ? webExtents.quick : webExtents.full,
  (line) => {
    if (!json) process.stdout.write(`${line}\n`);
  },
);
if (json) process.stdout.write(`${JSON.stringify({ processors, load, ...report }, undefined, 2)}\n`);
else
  process.stdout.write(`${processors} processors, load ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after\n`);
