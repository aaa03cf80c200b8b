import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { createGroup, sendText, signUp } from '../testing/api-client.ts';
import type { CrowdReport } from '../testing/crowd.ts';
import { startServerProcess } from '../testing/server-process.ts';

const CROWD = new URL('../testing/crowd.ts', import.meta.url).pathname;
const SOCKETS = 1000;
const STOPPED = 100;
/** More than 1 MiB of them, for everybody. */
const MESSAGES = 80;
/**
 * In another chat, which those who stop are in as well: past what the system's own buffers take of one socket, some
 * 4 MiB, which would be gigabytes to be read if everybody got them.
 */
const MORE = 320;
/** 16 KiB as UTF-8. */
const LONG_TEXT = '👍'.repeat(4096);
const MIB = 1024 * 1024;

test.skipIf(process.platform !== 'linux')(
  'case 19, WS11: 100 of 1,000 stop reading: they are closed with 4408, the others get all, the memory stays flat',
  async () => {
    const server = await startServerProcess();
    const anna = await signUp(server, 'anna');
    const { id } = await createGroup(server, anna);
    const other = (await createGroup(server, anna)).id;
    const crowd = spawn(
      process.execPath,
      [CROWD, server.url, String(id), anna.token, ...[SOCKETS, STOPPED, MESSAGES].map(String)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: crowd.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('ready');

    const before = server.memory();
    let most = before;
    for (let count = 0; count < MESSAGES + MORE; count += 1) {
      await sendText(server, anna, count % 5 === 0 ? id : other, LONG_TEXT);
      most = Math.max(most, server.memory());
    }
    expect((await lines.next()).value).toBe('all');
    most = Math.max(most, server.memory());
    crowd.stdin.write('\n');
    const { value } = await lines.next();
    const report = JSON.parse(String(value)) as CrowdReport;
    process.stdout.write(
      `slow readers: memory from ${(before / MIB).toFixed(0)} to ${(most / MIB).toFixed(0)} MiB; ${value}\n`,
    );
    expect(report).toEqual({ complete: SOCKETS - STOPPED, withoutGap: STOPPED, codes: { 4408: STOPPED } });
    // All of them are owed the same bytes, so a hundred times 1 MiB is not what they cost.
    expect((most - before) / MIB).toBeLessThan(128);
    if (crowd.exitCode === null) await once(crowd, 'exit');
    await server.stop();
  },
  120_000,
);
