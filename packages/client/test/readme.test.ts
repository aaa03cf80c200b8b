import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openChat, sendText, signUp } from '../../server/testing/api-client.ts';
import { startTestServer } from '../../server/testing/test-server.ts';
import { clientOf, live, texts, until } from './people.testing.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

test('the bot of the README runs as it stands there, and answers', async () => {
  const server = await startTestServer();
  onTestFinished(async () => server.stop());
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const code = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? '';
  expect(code.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(15);

  const folder = await mkdtemp(join(tmpdir(), 'beseda-bot-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'bot.ts'), code);

  const [bot, person] = [await signUp(server, 'bot'), await signUp(server)];
  const chat = await openChat(server, person, bot);
  const child = spawn(process.execPath, [join(folder, 'bot.ts')], {
    env: { PATH: process.env['PATH'], BESEDA_URL: server.url, BOT_NAME: bot.username, BOT_PASSWORD: bot.password },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    child.once('close', resolve);
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const client = await live(await clientOf(server, person), chat.id);
  onTestFinished(() => client.stop());
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('live')) resolve();
    });
  });
  await sendText(server, person, chat.id, 'hello');
  await until(client, () => texts(client, chat.id).includes('You said: hello'), chat.id);
  await until(client, () => client.store.chat(chat.id)?.others_read_id === 1);

  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
