import { writeSync } from 'node:fs';
import process from 'node:process';
import { Value } from 'typebox/value';
import { WriterOrder, type WriterReport } from './writer-messages.ts';

// The least that a program of Node can do to deliver: one system call writes the same bytes to socket after socket. The
// sockets are those that the parent handed over as descriptors, from the fourth on; the channel to it is the last.
const FIRST = 3;
const sockets = Number(process.argv[2]);

/** Milliseconds of writing after which messages of the parent are looked at. */
const SLICE_MS = 20;

/** Milliseconds to wait when no socket takes anything. */
const FULL_MS = 0.1;

/** How much of the present bytes each socket has taken. */
const taken = Array.from({ length: sockets }, () => 0);
const nobody = new Int32Array(new SharedArrayBuffer(4));
let bytes: Buffer | undefined;
let writes = 0;

/** Goes on with one socket. False where it takes nothing at present. */
function write(index: number, all: Buffer): boolean {
  try {
    const at = (taken[index] ?? 0) + writeSync(FIRST + index, all, taken[index]);
    if (at === all.length) writes += 1;
    taken[index] = at === all.length ? 0 : at;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return false;
    throw error;
  }
}

function pass(all: Buffer, only: (index: number) => boolean): void {
  let any = false;
  for (let index = 0; index < sockets; index += 1) if (only(index) && write(index, all)) any = true;
  if (!any) Atomics.wait(nobody, 0, 0, FULL_MS);
}

function slice(): void {
  if (bytes === undefined) return;
  for (const end = performance.now() + SLICE_MS; performance.now() < end;) pass(bytes, () => true);
  setImmediate(slice);
}

process.on('message', (message) => {
  const order = Value.Parse(WriterOrder, message);
  if ('frame' in order) {
    bytes = Buffer.from(order.frame.repeat(order.frames), 'latin1');
    writes = 0;
    slice();
  } else if (bytes !== undefined) {
    const all = bytes;
    bytes = undefined;
    // What is begun is ended, so that whole frames alone have been written.
    while (taken.some((at) => at > 0)) pass(all, (index) => (taken[index] ?? 0) > 0);
    const report: WriterReport = { writes };
    process.send?.(report);
  }
});
process.once('disconnect', () => process.exit());
