import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Inbox } from '@beseda/protocol/chats.ts';
import { ask, expectAnswer, sendText, signIn, signUp, createGroup } from '../testing/api-client.ts';
import { runBeseda, type BesedaProcess } from '../testing/beseda-process.ts';
import { joinChat } from '../testing/chat-socket.ts';

let directory: string;
const running: BesedaProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'beseda-commands-'));
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.signal('SIGTERM');
    await child.ended;
  }
  await rm(directory, { recursive: true, force: true });
});

/** A command in the test's folder, on any free port. */
function beseda(command: readonly string[], environment: Record<string, string> = {}): BesedaProcess {
  const child = runBeseda(command, { PORT: '0', HOST: '127.0.0.1', RATE_LIMITS: 'off', ...environment }, directory);
  running.push(child);
  return child;
}

async function started(environment: Record<string, string> = {}): Promise<{ child: BesedaProcess; url: string }> {
  const child = beseda(['start'], environment);
  return { child, url: await child.address() };
}

describe('start', () => {
  test('says in a few lines what happens, where it answers, where the data is and how to get test data', async () => {
    const { child } = await started();
    await child.line(/Ctrl-C/);
    const output = child.output();
    expect(output).toMatch(/Preparing the database/);
    expect(output).toMatch(/Beseda is at http:\/\/127\.0\.0\.1:\d+/);
    expect(output).toContain(join(directory, 'data'));
    expect(output).toMatch(/npm run create-test-data/);
    expect(output.split('\n').length).toBeLessThanOrEqual(8);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: sockets are told 1001, the program ends with 0, data stays',
    async (name) => {
      const first = await started();
      const anna = await signUp(first, 'anna');
      const group = await createGroup(first, anna);
      await sendText(first, anna, group.id, 'before the end');
      const socket = await joinChat(first, group.id, anna.token);
      first.child.signal(name);
      expect((await socket.closed).code).toBe(1001);
      expect(await first.child.ended).toBe(0);

      const second = await started();
      const tokens = await signIn(second, anna.username, anna.password);
      const history = await ask(second, 'GET', `/messages/history/${group.id}`, { token: tokens.access_token });
      expect(history.body).toMatchObject([{ text: 'before the end' }]);
    },
  );

  test('after SIGKILL the next start works, with all that was acknowledged, and tokens stay valid', async () => {
    const first = await started();
    const anna = await signUp(first, 'anna');
    const group = await createGroup(first, anna);
    for (const text of ['one', 'two', 'three']) await sendText(first, anna, group.id, text);
    first.child.signal('SIGKILL');
    await first.child.ended;

    const second = await started();
    const history = await ask(second, 'GET', `/messages/history/${group.id}`, { token: anna.token });
    expect(history.body).toMatchObject([{ text: 'three' }, { text: 'two' }, { text: 'one' }]);
  });

  test('a second one on the same folder is told who holds it', async () => {
    const { child, url } = await started();
    const second = beseda(['start']);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`pid ${child.pid}`);
    expect(second.output()).toContain(url);
    expect(second.output()).not.toMatch(/^ {4}at /m);
  });

  test('a port in use is told in one line that names the setting', async () => {
    const { url } = await started();
    const { port } = new URL(url);
    const other = beseda(['start'], { PORT: port, DATA_DIR: 'other' });
    expect(await other.ended).toBe(1);
    expect(other.output()).toMatch(new RegExp(`^PORT: ${port} is in use`, 'm'));
  });

  test('a start that fails ends the process, whatever it had opened by then', async () => {
    const { url } = await started();
    const { port } = new URL(url);
    const failing = beseda(['start'], { PORT: '0', METRICS_PORT: port, DATA_DIR: 'other' });
    expect(await failing.ended).toBe(1);
    expect(failing.output()).toMatch(new RegExp(`^METRICS_PORT: ${port} is in use`, 'm'));
  });

  test('a wrong setting is one readable line that names the variable, without a stack trace', async () => {
    const child = beseda(['start'], { PORT: 'eighty' });
    expect(await child.ended).toBe(1);
    expect(child.output()).toBe('PORT: expected a whole number from 0 to 65535, got "eighty"');
  });

  test('settings come from a .env file too, and the environment wins', async () => {
    await writeFile(join(directory, '.env'), 'DATA_DIR=from-file\nPORT=not-a-number\n');
    const { child } = await started();
    expect(await child.line(/The data is in/)).toContain(join(directory, 'from-file'));
  });

  test('the original’s key is refused in production and warned of else', async () => {
    const key = { SECRET_KEY: 'your-secret-key-here' };
    const refused = beseda(['start'], { ...key, NODE_ENV: 'production' });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatch(/^SECRET_KEY: is a well-known value/);
    const { child } = await started(key);
    expect(child.output()).toMatch(/^Warning: SECRET_KEY is a well-known value/m);
  });
});

describe('create-test-data', () => {
  test('makes the users, chats and messages of the original, under its ids, while the server runs', async () => {
    const { url } = await started();
    const first = beseda(['create-test-data']);
    expect(await first.ended).toBe(0);
    for (const expected of ['user1 (id 1)', 'user5 (id 5)', 'user4 and user5 (id 4)', 'Тестовая группа (id 5)']) {
      expect(first.output()).toContain(expected);
    }
    const { access_token: token } = await signIn({ url }, 'user1', 'password123');
    const { chats } = await expectAnswer(ask({ url }, 'GET', '/chats/', { token }), 200, Inbox);
    expect(chats.map(({ id, name, last_message_id }) => ({ id, name, last_message_id }))).toEqual([
      { id: 5, name: 'Тестовая группа', last_message_id: 5 },
      { id: 1, name: 'user2', last_message_id: 3 },
    ]);

    const again = beseda(['create-test-data']);
    expect(await again.ended).toBe(0);
    expect(again.output()).toMatch(/there already/);
    const unchanged = await expectAnswer(ask({ url }, 'GET', '/chats/', { token }), 200, Inbox);
    expect(unchanged).toEqual({ chats });
  });

  test('a message of test data reaches a socket of the server that runs', async () => {
    const { url } = await started();
    expect(await beseda(['create-test-data']).ended).toBe(0);
    const { access_token: token } = await signIn({ url }, 'user1', 'password123');
    const socket = await joinChat({ url }, 5, token);
    await ask({ url }, 'POST', '/messages/5/send', { token, json: { text: 'after the test data' } });
    expect(await socket.next()).toMatchObject({ type: 'message', id: 6, text: 'after the test data' });
    socket.close();
  });

  test('is refused in production', async () => {
    const child = beseda(['create-test-data'], { NODE_ENV: 'production' });
    expect(await child.ended).toBe(1);
    expect(child.output()).toMatch(/^NODE_ENV=production/);
  });

  test('works without a server as well, and leaves none behind', async () => {
    expect(await beseda(['create-test-data']).ended).toBe(0);
    const { url } = await started();
    await signIn({ url }, 'user3', 'password123');
  });
});

describe('the other commands', () => {
  test('dev starts the server again when its code changes', async () => {
    // A copy of the code, so that the change is nobody else's; packages are found beside the copy.
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    for (const part of ['package.json', 'packages', 'scripts']) {
      await cp(join(root, part), join(directory, part), { recursive: true });
    }
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
    const settings = { PORT: '0', HOST: '127.0.0.1' };
    const child = runBeseda(['dev'], settings, directory, join(directory, 'packages/server/bin/beseda.mjs'));
    running.push(child);
    await child.address();
    await appendFile(join(directory, 'packages/server/src/app.ts'), '// changed\n');
    await child.line(/^Stopped/);
    await expect.poll(() => child.output().match(/^Beseda is at/gm)?.length, { timeout: 20_000 }).toBe(2);
  });

  test('under npm the server ends with npm, though the shell between them passes no signal on', async () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const npm = spawn('npm', ['start'], {
      cwd: root,
      env: { ...process.env, PORT: '0', HOST: '127.0.0.1', DATA_DIR: join(directory, 'data') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    npm.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await expect.poll(() => output, { timeout: 20_000 }).toMatch(/Ctrl-C/);
    npm.kill('SIGTERM');
    // The server holds the same pipe: it is closed once the server has gone too.
    await once(npm.stdout, 'close');
    expect(output).toMatch(/^Stopped\./m);
  });

  test('demo starts the server with test data, and not in production', async () => {
    const child = beseda(['demo']);
    const url = await child.address();
    await signIn({ url }, 'user2', 'password123');
    const refused = beseda(['demo'], { NODE_ENV: 'production', DATA_DIR: 'other' });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toMatch(/^NODE_ENV=production/);
  });

  test('migrate makes the schema, then finds nothing to do; several at once get along', async () => {
    const { child } = await started();
    const several = [beseda(['migrate']), beseda(['migrate']), beseda(['migrate'])];
    expect(await Promise.all(several.map(async ({ ended }) => ended))).toEqual([0, 0, 0]);
    for (const each of several) expect(each.output()).toMatch(/up to date/);
    child.signal('SIGTERM');
    await child.ended;
    const alone = beseda(['migrate'], { DATA_DIR: 'fresh' });
    expect(await alone.ended).toBe(0);
    expect(alone.output()).toMatch(/Applied: 0001-foundation/);
  });

  test.each(['start', 'demo', 'dev', 'migrate', 'create-test-data'])('%s --help tells what it does', async (name) => {
    const child = beseda([name, '--help']);
    expect(await child.ended).toBe(0);
    expect(child.output()).toContain(name === 'start' ? 'npm start' : `npm run ${name}`);
  });

  test('an unknown command or option is told, with what there is', async () => {
    const command = beseda(['stort']);
    expect(await command.ended).toBe(1);
    expect(command.output()).toMatch(/no command "stort".*start, demo/);
    const option = beseda(['start', '--prot=1']);
    expect(await option.ended).toBe(1);
    expect(option.output()).toMatch(/unknown option --prot=1/);
  });
});
