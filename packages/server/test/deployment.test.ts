import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configWarnings, readConfig } from '../src/config.ts';

const ROOT = new URL('../../../', import.meta.url);

interface Service {
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  ports?: string[];
  volumes?: string[];
  [key: string]: unknown;
}

interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, unknown>;
}

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

function readCompose(path: string): Compose {
  return parse(read(path), {
    merge: true,
    // Compose's own tag: this list replaces the one of the file below instead of being added to it.
    customTags: [{ tag: '!override', collection: 'seq' as const, resolve: (items: unknown) => items }],
  }) as Compose;
}

/** What Compose makes of `${NAME}`, `${NAME:-default}` and `${NAME:?what is wrong}`. */
function interpolate(text: string, environment: Record<string, string | undefined>): string {
  return text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name: string, kind?: string, rest = '') => {
    const value = environment[name];
    if (value !== undefined && value !== '') return value;
    if (kind === '?') throw new Error(`${name}: ${rest}`);
    return kind === '-' ? String(rest) : '';
  });
}

/** The environment of a backend's container, from the compose files in their order and the text of `.env`. */
function backendEnvironment(files: Compose[], dotEnv: string, name = 'backend'): Record<string, string | undefined> {
  const fromFile = parseEnv(dotEnv);
  const given = files.flatMap(({ services }) => Object.entries(services[name]?.environment ?? {}));
  return { ...fromFile, ...Object.fromEntries(given.map(([key, text]) => [key, interpolate(text, fromFile)])) };
}

const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text, minItems: 1, uniqueItems: true };
const time = { type: 'string', pattern: '^\\d+(s|m)$' };
const size = { type: 'string', pattern: '^\\d+(\\.\\d+)?(b|k|m|g|kb|mb|gb)$' };

function only(properties: Record<string, object>, required: string[] = []): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

function mapOf(values: object): object {
  return { type: 'object', additionalProperties: values };
}

/**
 * The part of the Compose Specification that these files use, so that a slip in a key does not go unseen. (No npm
 * package has the schema of today's specification.)
 */
const service = only({
  build: text,
  image: text,
  user: text,
  env_file: { type: 'array', items: only({ path: text, required: { type: 'boolean' } }, ['path']) },
  // Quoted where it looks like a number or a boolean: YAML would take it for one.
  environment: mapOf({ type: 'string' }),
  ports: { type: 'array', items: { type: 'string', pattern: '^([^/]+:)?\\d+$' }, uniqueItems: true },
  volumes: { type: 'array', items: { type: 'string', pattern: '^(\\./)?[\\w/-]+:/[^:]+(:ro)?$' }, uniqueItems: true },
  tmpfs: texts,
  depends_on: mapOf(only({ condition: { enum: ['service_started', 'service_healthy'] } }, ['condition'])),
  healthcheck: only(
    { test: texts, interval: time, timeout: time, start_period: time, retries: { type: 'integer', minimum: 1 } },
    ['test', 'interval', 'timeout', 'retries'],
  ),
  restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] },
  stop_grace_period: time,
  shm_size: size,
  read_only: { type: 'boolean' },
  cap_drop: texts,
  security_opt: texts,
  logging: only({ driver: text, options: mapOf(text) }, ['driver']),
  deploy: only({
    resources: only({ limits: only({ cpus: text, memory: size, pids: { type: 'integer', minimum: 1 } }) }),
  }),
});
const compose = {
  ...only({ services: mapOf(service), volumes: mapOf({ type: 'null' }) }, ['services']),
  patternProperties: { '^x-': {} },
};

const base = readCompose('docker-compose.yaml');
const production = readCompose('docker-compose.production.yaml');
const cluster = readCompose('docker-compose.cluster.yaml');
const ORIGINAL = `DATABASE_DSN=postgresql+asyncpg://postgres:postgres@db:5432/chat_db
SECRET_KEY=your-secret-key-here
`;

describe('docker-compose.yaml', () => {
  test.for([
    ['docker-compose.yaml', base],
    ['docker-compose.production.yaml', production],
    ['docker-compose.cluster.yaml', cluster],
  ] as const)('%s is what Compose understands', ([, file]) => {
    const validate = new Ajv({ allErrors: true }).compile(compose);
    validate(file);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('the volumes and services that are named exist', () => {
    for (const { volumes = [], depends_on: others = {} } of Object.values(base.services)) {
      for (const volume of volumes) expect(Object.keys(base.volumes ?? {})).toContain(volume.split(':')[0]);
      for (const other of Object.keys(others as object)) expect(base.services).toHaveProperty(other);
    }
    for (const name of Object.keys(production.services)) expect(base.services).toHaveProperty(name);
  });

  test('the original’s .env works as it is, with a warning', () => {
    const config = readConfig(backendEnvironment([base], ORIGINAL), '/app');
    expect(config.databaseUrl).toBe('postgresql://postgres:postgres@db:5432/chat_db');
    expect(config).toMatchObject({ host: '0.0.0.0', port: 8000, dataDir: '/data', secretKey: 'your-secret-key-here' });
    expect(configWarnings(config).join()).toMatch(/SECRET_KEY is a well-known value/);
  });

  test('works without a .env: the database beside it, and a secret of its own in a volume', () => {
    const config = readConfig(backendEnvironment([base], ''), '/app');
    expect(config.databaseUrl).toBe('postgresql://postgres:postgres@db:5432/chat_db');
    expect(config.secretKey).toBeUndefined();
    expect(base.services['backend']?.volumes).toContain(`backend-data:${config.dataDir}`);
  });

  test('the address of the database is the one that db sets up', () => {
    const url = new URL(readConfig(backendEnvironment([base], ''), '/app').databaseUrl ?? '');
    expect(base.services['db']?.environment).toEqual({
      POSTGRES_USER: url.username,
      POSTGRES_PASSWORD: url.password,
      POSTGRES_DB: url.pathname.slice(1),
    });
    expect(base.services).toHaveProperty(url.hostname);
    expect(url.port).toBe('5432');
  });

  test('a .env meant for a server outside of the container does not hide the one in it', () => {
    const environment = backendEnvironment([base], 'HOST=localhost\nPORT=9000\nDATA_DIR=data\n');
    expect(readConfig(environment, '/app')).toMatchObject({ host: '0.0.0.0', port: 8000, dataDir: '/data' });
    const publish = base.services['backend']?.ports?.[0] ?? '';
    expect(interpolate(publish, { PORT: '9000' })).toBe('9000:8000');
    expect(interpolate(publish, {})).toBe('8000:8000');
  });

  test('the database is reached by the backend alone, and kept where postgres:18 keeps it', () => {
    expect(base.services['db']).toMatchObject({ image: 'postgres:18', volumes: ['db-data:/var/lib/postgresql'] });
    expect(base.services['db']?.ports).toBeUndefined();
    expect(production.services['db']?.ports).toBeUndefined();
  });

  test('asks for health as the image does', () => {
    const command = /^HEALTHCHECK .*\\\n\s*CMD (\[.*\])$/m.exec(read('Dockerfile'))?.[1] ?? '';
    expect(base.services['backend']?.healthcheck?.test).toEqual(['CMD', ...(JSON.parse(command) as string[])]);
  });
});

describe('docker-compose.production.yaml', () => {
  const password = 'POSTGRES_PASSWORD=0123456789abcdef\n';

  test('without a password of one’s own nothing starts', () => {
    expect(() => backendEnvironment([base, production], ORIGINAL)).toThrow(/POSTGRES_PASSWORD: set it in \.env/);
    const { POSTGRES_PASSWORD: own = '' } = production.services['db']?.environment ?? {};
    expect(() => interpolate(own, {})).toThrow(/POSTGRES_PASSWORD: set it in \.env/);
    expect(interpolate(own, { POSTGRES_PASSWORD: 'abc' })).toBe('abc');
  });

  test('the address of the database has the password', () => {
    const config = readConfig(backendEnvironment([base, production], password), '/app');
    expect(config.databaseUrl).toBe('postgresql://postgres:0123456789abcdef@db:5432/chat_db');
    expect(config).toMatchObject({ production: true, passwordRules: 'strict', trustProxy: ['172.16.0.0/12'] });
    expect(configWarnings(config)).toEqual([]);
  });

  test('the original’s secret is refused, and .env cannot take production away', () => {
    const environment = backendEnvironment([base, production], `${ORIGINAL}${password}NODE_ENV=development\n`);
    expect(() => readConfig(environment, '/app')).toThrow(/^SECRET_KEY: is a well-known value.*$/);
  });

  test('both services can do no more than they must', () => {
    expect(Object.keys(production.services).toSorted()).toEqual(Object.keys(base.services).toSorted());
    for (const hardened of Object.values(production.services)) {
      expect(hardened).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        tmpfs: expect.arrayContaining(['/tmp']),
        logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '5' } },
        deploy: { resources: { limits: { cpus: '1.0', pids: 256 } } },
      });
    }
  });

  test('only this machine reaches the port, whose TLS is a proxy’s to do', () => {
    expect(read('docker-compose.production.yaml')).toMatch(/ports: !override\n/);
    expect(production.services['backend']?.ports).toEqual(['127.0.0.1:${PORT:-8000}:8000']);
  });
});

describe('docker-compose.cluster.yaml', () => {
  const backends = Object.keys(cluster.services).filter((name) => name.startsWith('backend'));

  test('two servers share the database, the bus and the secret', () => {
    expect(backends).toEqual(['backend-1', 'backend-2']);
    for (const name of backends) {
      const config = readConfig(backendEnvironment([cluster], '', name), '/app');
      expect(config).toMatchObject({
        databaseUrl: 'postgresql://postgres:postgres@db:5432/chat_db',
        nats: { servers: ['nats:4222'] },
        trustProxy: ['172.16.0.0/12'],
      });
      expect(cluster.services[name]?.volumes).toEqual([`backend-data:${config.dataDir}`]);
      expect(cluster.services[name]?.ports).toBeUndefined();
    }
    expect(cluster.services['backend-2']?.['depends_on']).toEqual({ 'backend-1': { condition: 'service_healthy' } });
  });

  test('services that are named exist, and the database is that of docker-compose.yaml', () => {
    for (const { depends_on: others = {}, volumes = [] } of Object.values(cluster.services)) {
      for (const other of Object.keys(others as object)) expect(cluster.services).toHaveProperty(other);
      for (const volume of volumes.filter((each) => !each.startsWith('./'))) {
        expect(Object.keys(cluster.volumes ?? {})).toContain(volume.split(':')[0]);
      }
    }
    expect(cluster.services['db']).toEqual(base.services['db']);
    expect(cluster.services['backend-1']?.healthcheck).toEqual(base.services['backend']?.healthcheck);
  });

  test('the proxy alone is published, and knows every server', () => {
    const published = Object.entries(cluster.services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name)).toEqual(['proxy']);
    const [mounted = ''] = cluster.services['proxy']?.volumes ?? [];
    const config = read(mounted.split(':', 1)[0] ?? '');
    expect(config).toContain(`reverse_proxy ${backends.map((name) => `${name}:8000`).join(' ')} {`);
    expect(config).toContain('health_uri /readyz');
  });
});
