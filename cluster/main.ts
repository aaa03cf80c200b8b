import process from 'node:process';
import { StartupError } from '@beseda/server/startup-error.ts';
import { HELP, readOptions } from './options.ts';
import { requireNats } from './require-nats.ts';
import { startCluster } from './start-cluster.ts';

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.cwd());
  if (options === undefined) {
    tell(HELP);
    return;
  }
  const asked = askedToEnd();
  const cluster = await startCluster({
    ...options,
    natsProgram: requireNats(process.env['PATH'] ?? ''),
    environment: {},
    tell,
  });
  tell(`Beseda is at ${cluster.url}   (${options.nodes} servers behind it; the data is in ${options.dataDir})`);
  for (const { pid, url } of cluster.nodes()) tell(`  pid ${pid} at ${url}   kill -9 it, and see it come back`);
  tell('Ctrl-C stops all of them.');
  await asked;
  tell('Stopping …');
  await cluster.stop();
  tell('Stopped.');
}

async function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

try {
  await main();
  process.exit(0);
} catch (error) {
  const text = error instanceof StartupError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
