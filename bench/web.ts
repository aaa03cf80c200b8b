import process from 'node:process';
import { benchWeb } from './web-bench.ts';
import type { Extent } from './web-measures.ts';

// How fast the web client is, in a real browser. See README.md.
const port = Number(process.env['BENCH_PORT'] ?? 8765);
const options = new Set(process.argv.slice(2));

const FULL: Extent = {
  chats: 1000,
  long: 100_000,
  short: 100,
  kept: { chats: 200, messages: 50 },
  rounds: 7,
  scrolled: 10_000,
  rate: 100,
  seconds: 20,
  hour: 18_000,
};
const QUICK: Extent = { ...FULL, chats: 200, long: 10_000, rounds: 3, scrolled: 2000, seconds: 5, hour: 6000 };

const json = options.has('--json');
const { processors, load, ...report } = await benchWeb(port, options.has('--quick') ? QUICK : FULL, (line) => {
  if (!json) process.stdout.write(`${line}\n`);
});
if (json) process.stdout.write(`${JSON.stringify({ processors, load, ...report }, undefined, 2)}\n`);
else
  process.stdout.write(`${processors} processors, load ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after\n`);
