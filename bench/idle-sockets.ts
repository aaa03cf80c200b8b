import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Tokens } from '@beseda/protocol/auth.ts';
import { Value } from 'typebox/value';
import { openConnection } from './http-client.ts';
import { memoryOf } from './memory.ts';
import { startServerProcess } from './server-process.ts';

// Memory of the server per socket that has signed in and says nothing. See README.md.
const count = Number(process.argv[2] ?? 5000);
const port = Number(process.env['BENCH_PORT'] ?? 8765);
const CROWD = fileURLToPath(new URL('idle-crowd.ts', import.meta.url));
const USERS = 10;

/** Opens so many sockets in a process of their own; settles once all are signed in. */
async function openCrowd(url: string, size: number, tokens: string[]): Promise<{ close(): Promise<void> }> {
  const crowd = spawn(process.execPath, [CROWD, url, String(size), ...tokens], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(crowd, 'exit');
  const opened = await Promise.race([once(crowd.stdout, 'data'), ended]);
  if (typeof opened[0] === 'number') throw new Error(`the crowd ended with ${opened[0]} before all sockets were open`);
  return {
    async close() {
      crowd.stdin.end();
      await ended;
    },
  };
}

/** The server's memory in KiB once its garbage is collected. */
async function settledMemory(pid: number): Promise<number> {
  // bench/server-process.ts starts the server so that this signal makes it collect.
  process.kill(pid, 'SIGUSR2');
  await new Promise((resolve) => {
    setTimeout(resolve, 2000);
  });
  const memory = memoryOf(pid);
  if (memory === undefined) throw new Error('the memory of a process is only known on Linux');
  return memory.server * 1024;
}

const server = await startServerProcess({
  port,
  flags: ['--expose-gc', '--import', new URL('collect.ts', import.meta.url).href],
});
try {
  const connection = openConnection(server.url);
  const tokens: string[] = [];
  for (let index = 0; index < USERS; index += 1) {
    const account = { username: `idle${index}`, email: `idle${index}@example.com`, password: 'bench-password' };
    await connection.ask('POST', '/auth/register', { json: account });
    tokens.push(
      Value.Parse(Tokens, (await connection.ask('POST', '/auth/token', { json: account })).body).access_token,
    );
  }
  connection.close();
  // What the first sockets cost once is not what each costs.
  await (await openCrowd(server.url, 500, tokens)).close();
  const before = await settledMemory(server.pid);
  const crowd = await openCrowd(server.url, count, tokens);
  const after = await settledMemory(server.pid);
  process.stdout.write(
    `${count} sockets signed in and idle: ${((after - before) / count).toFixed(1)} KiB each ` +
      `(server ${(before / 1024).toFixed(0)} → ${(after / 1024).toFixed(0)} MiB)\n`,
  );
  await crowd.close();
} finally {
  await server.stop();
}
