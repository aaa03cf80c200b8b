import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openChat, signUp } from '../testing/api-client.ts';
import { runBeseda, type BesedaProcess } from '../testing/beseda-process.ts';
import type { Frame } from '../testing/chat-socket.ts';
import { connectToMain } from '../testing/main-socket.ts';
import { startNatsServer } from '../testing/nats-server.ts';
import { createTestDatabase } from '../testing/test-database.ts';

const WORD = /"user_id":(\d+),"online":(true|false)/g;

/** Whether a frame says that a user is online, or is not. */
function says(frame: Frame, userId: number, online: boolean): boolean {
  return [...JSON.stringify(frame).matchAll(WORD)].some((word) => word[1] === `${userId}` && word[2] === `${online}`);
}

async function twoServers(): Promise<{ url: string; process: BesedaProcess }[]> {
  const nats = await startNatsServer();
  const database = await createTestDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'beseda-presence-'));
  const { user, password, host, port, database: name } = database.connection;
  const processes = [0, 1].map(() =>
    runBeseda(
      ['start'],
      {
        PORT: '0',
        SECRET_KEY: 'the secret of two servers under test, long enough',
        DATABASE_URL: `postgresql://${user}:${String(password)}@${encodeURIComponent(String(host))}:${port}/${name}`,
        NATS_URL: `nats://127.0.0.1:${nats.port}`,
        RATE_LIMITS: 'off',
      },
      directory,
    ),
  );
  onTestFinished(async () => {
    for (const process of processes) process.signal('SIGKILL');
    await Promise.all(processes.map(async (process) => process.ended));
    await nats.stop();
    await database.drop();
    await rm(directory, { recursive: true });
  });
  return Promise.all(processes.map(async (process) => ({ process, url: await process.address() })));
}

// It takes the half minute after which a server that says nothing more is taken for dead.
test('PR6 the users of a server that is killed are offline within 45 s to those at another one', async () => {
  const [one, other] = await twoServers();
  if (one === undefined || other === undefined) throw new Error('two servers were asked for');
  const [anna, boris] = [await signUp(one, 'anna'), await signUp(one, 'boris')];
  await openChat(one, anna, boris);
  const hers = await connectToMain(one, anna.token);
  onTestFinished(() => hers.close());
  await hers.sync();
  const his = await connectToMain(other, boris.token);
  await his.sync();
  await hers.next((frame) => says(frame, boris.id, true));
  const killedAt = performance.now();
  other.process.signal('SIGKILL');
  await hers.next((frame) => says(frame, boris.id, false));
  expect(performance.now() - killedAt).toBeLessThan(45_000);
}, 120_000);
