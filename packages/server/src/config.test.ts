import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configWarnings, readConfig, readEnvironment, type Config } from './config.ts';
import { StartupError } from './startup-error.ts';

function mistakesOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment, '/srv/beseda');
  } catch (error) {
    if (error instanceof StartupError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('with nothing set, everything has its default', () => {
  expect(readConfig({}, '/srv/beseda')).toEqual({
    production: false,
    port: 8000,
    host: 'localhost',
    dataDir: '/srv/beseda/data',
    databaseUrl: undefined,
    databasePoolSize: 10,
    nats: undefined,
    secretKey: undefined,
    secretKeyBlank: false,
    logLevel: 'warn',
    corsOrigins: '*',
    accessTokenLifetime: 900,
    refreshTokenLifetime: 30 * 86_400,
    sessionLifetime: 180 * 86_400,
    passwordRules: 'original',
    rateLimits: true,
    trustProxy: false,
    metricsToken: undefined,
    metricsPort: undefined,
    fileSizeLimit: 104_857_600,
    userFilesLimit: 10_737_418_240,
    allFilesLimit: undefined,
    drainTime: 3,
  } satisfies Config);
  expect(configWarnings(readConfig({}, '/srv/beseda'))).toEqual([]);
});

describe('each setting, rightly set', () => {
  test.each<[string, string, Partial<Config>]>([
    ['NODE_ENV', 'production', { production: true, logLevel: 'info' }],
    ['NODE_ENV', 'development', { production: false, logLevel: 'warn' }],
    ['NODE_ENV', 'test', { production: false }],
    ['PORT', '0', { port: 0 }],
    ['PORT', ' 8080 ', { port: 8080 }],
    ['PORT', '65535', { port: 65_535 }],
    ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['HOST', '::', { host: '::' }],
    ['DATA_DIR', 'elsewhere', { dataDir: '/srv/beseda/elsewhere' }],
    ['DATA_DIR', '/var/lib/beseda', { dataDir: '/var/lib/beseda' }],
    ['DATABASE_URL', 'postgresql://me:secret@db:5432/chat', { databaseUrl: 'postgresql://me:secret@db:5432/chat' }],
    ['DATABASE_URL', 'postgres://db/chat', { databaseUrl: 'postgres://db/chat' }],
    ['DATABASE_DSN', 'postgresql://me@db/chat', { databaseUrl: 'postgresql://me@db/chat' }],
    ['DATABASE_DSN', 'postgresql+asyncpg://me:p@db:5432/chat', { databaseUrl: 'postgresql://me:p@db:5432/chat' }],
    ['DATABASE_DSN', 'postgres+psycopg2://db/chat', { databaseUrl: 'postgres://db/chat' }],
    ['DATABASE_POOL_SIZE', '2', { databasePoolSize: 2 }],
    ['DATABASE_POOL_SIZE', '500', { databasePoolSize: 500 }],
    ['SECRET_KEY', 'kP3v1uN8QxY0bZ7sJ2mW5tL9rE4cH6aD', { secretKey: 'kP3v1uN8QxY0bZ7sJ2mW5tL9rE4cH6aD' }],
    ['SECRET_KEY', '', { secretKey: undefined }],
    ['FILE_SIZE_LIMIT', '500KiB', { fileSizeLimit: 512_000 }],
    ['USER_FILES_LIMIT', '1GiB', { userFilesLimit: 1_073_741_824 }],
    ['ALL_FILES_LIMIT', '12', { allFilesLimit: 12 }],
    ['LOG_LEVEL', 'trace', { logLevel: 'trace' }],
    ['LOG_LEVEL', 'INFO', { logLevel: 'info' }],
    ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
    ['CORS_ORIGINS', '*', { corsOrigins: '*' }],
    ['CORS_ORIGINS', 'https://a.example', { corsOrigins: ['https://a.example'] }],
    ['CORS_ORIGINS', 'https://a.example, http://b:3000', { corsOrigins: ['https://a.example', 'http://b:3000'] }],
    ['ACCESS_TOKEN_LIFETIME', '60', { accessTokenLifetime: 60 }],
    ['ACCESS_TOKEN_LIFETIME', '90s', { accessTokenLifetime: 90 }],
    ['ACCESS_TOKEN_LIFETIME', '15m', { accessTokenLifetime: 900 }],
    ['ACCESS_TOKEN_LIFETIME', '24h', { accessTokenLifetime: 86_400 }],
    ['REFRESH_TOKEN_LIFETIME', '7d', { refreshTokenLifetime: 7 * 86_400 }],
    ['SESSION_LIFETIME', '3650d', { sessionLifetime: 3650 * 86_400 }],
    ['PASSWORD_RULES', 'strict', { passwordRules: 'strict' }],
    ['RATE_LIMITS', 'off', { rateLimits: false }],
    ['RATE_LIMITS', 'ON', { rateLimits: true }],
    ['TRUST_PROXY', 'on', { trustProxy: true }],
    ['TRUST_PROXY', 'off', { trustProxy: false }],
    ['TRUST_PROXY', '127.0.0.1', { trustProxy: ['127.0.0.1'] }],
    ['TRUST_PROXY', '10.0.0.0/8, ::1, fd00::/8', { trustProxy: ['10.0.0.0/8', '::1', 'fd00::/8'] }],
    ['METRICS_TOKEN', 'a token', { metricsToken: 'a token' }],
    ['METRICS_PORT', '9100', { metricsPort: 9100 }],
  ])('%s=%s', (name, value, expected) => {
    expect(readConfig({ [name]: value }, '/srv/beseda')).toMatchObject(expected);
  });

  test('blank is the same as not set', () => {
    const names = ['NODE_ENV', 'PORT', 'HOST', 'DATA_DIR', 'DATABASE_URL', 'LOG_LEVEL', 'CORS_ORIGINS', 'TRUST_PROXY'];
    const blank = Object.fromEntries(names.map((name) => [name, '  ']));
    expect(readConfig(blank, '/srv/beseda')).toEqual(readConfig({}, '/srv/beseda'));
  });

  test('DATABASE_URL is taken before DATABASE_DSN', () => {
    const both = { DATABASE_DSN: 'postgresql://original/chat', DATABASE_URL: 'postgresql://ours/chat' };
    expect(readConfig(both, '/')).toMatchObject({ databaseUrl: 'postgresql://ours/chat' });
  });

  test('a level that is set wins over that of production', () => {
    expect(readConfig({ NODE_ENV: 'production', LOG_LEVEL: 'error' }, '/')).toMatchObject({ logLevel: 'error' });
  });
});

describe('each setting, wrongly set, makes one line that names it and what is expected', () => {
  test.each([
    ['NODE_ENV', 'prod', 'one of production, development, test'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '80a', 'a whole number from 0 to 65535'],
    ['PORT', '1e3', 'a whole number from 0 to 65535'],
    ['PORT', '8000.5', 'a whole number from 0 to 65535'],
    ['DATABASE_URL', 'mysql://db/chat', 'an address like postgresql://user:password@host:5432/database'],
    ['DATABASE_URL', 'db', 'an address like postgresql://user:password@host:5432/database'],
    ['DATABASE_DSN', 'sqlite+aiosqlite:///x', 'an address like postgresql://user:password@host:5432/database'],
    ['DATABASE_POOL_SIZE', '1', 'a whole number from 2 to 500'],
    ['DATABASE_POOL_SIZE', 'many', 'a whole number from 2 to 500'],
    ['FILE_SIZE_LIMIT', '100MB', 'a size like 100MiB or 10GiB, of 1 byte or more'],
    ['USER_FILES_LIMIT', '0', 'a size like 100MiB or 10GiB, of 1 byte or more'],
    ['LOG_LEVEL', 'loud', 'one of trace, debug, info, warn, error, fatal, silent'],
    ['CORS_ORIGINS', 'chat.example.org', '* or origins like https://chat.example.org, separated by commas'],
    ['CORS_ORIGINS', 'https://a.example/', '* or origins like https://chat.example.org, separated by commas'],
    ['CORS_ORIGINS', 'https://a.example, *', '* or origins like https://chat.example.org, separated by commas'],
    ['ACCESS_TOKEN_LIFETIME', '59', 'a duration like 900, 15m, 12h or 30d, from 60 s to 1 d'],
    ['ACCESS_TOKEN_LIFETIME', '2d', 'a duration like 900, 15m, 12h or 30d, from 60 s to 1 d'],
    ['ACCESS_TOKEN_LIFETIME', '15 min', 'a duration like 900, 15m, 12h or 30d, from 60 s to 1 d'],
    ['REFRESH_TOKEN_LIFETIME', '-7d', 'a duration like 900, 15m, 12h or 30d, from 60 s to 365 d'],
    ['SESSION_LIFETIME', 'forever', 'a duration like 900, 15m, 12h or 30d, from 60 s to 3650 d'],
    ['PASSWORD_RULES', 'none', 'one of original, strict'],
    ['RATE_LIMITS', 'false', 'one of on, off'],
    ['TRUST_PROXY', 'yes', 'on, off, or addresses of proxies like 127.0.0.1,10.0.0.0/8'],
    ['TRUST_PROXY', '300.0.0.1', 'on, off, or addresses of proxies like 127.0.0.1,10.0.0.0/8'],
    ['TRUST_PROXY', '10.0.0.0/33', 'on, off, or addresses of proxies like 127.0.0.1,10.0.0.0/8'],
    ['TRUST_PROXY', 'fd00::/129', 'on, off, or addresses of proxies like 127.0.0.1,10.0.0.0/8'],
    ['TRUST_PROXY', '10.0.0.0/', 'on, off, or addresses of proxies like 127.0.0.1,10.0.0.0/8'],
    ['METRICS_PORT', '0', 'a whole number from 1 to 65535'],
  ])('%s=%s', (name, value, expected) => {
    // An address of a database may hold a password.
    const got = /^DATABASE_(URL|DSN)$/.test(name) ? 'something else' : JSON.stringify(value);
    expect(mistakesOf({ [name]: value })).toEqual([`${name}: expected ${expected}, got ${got}`]);
  });

  test('an address of a database with a mistake in it is not repeated with its password', () => {
    const lines = mistakesOf({
      DATABASE_URL: 'mysql://me:hunter2@db/chat',
      DATABASE_DSN: 'postgresql://me:hunter2@db:x/c',
    });
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain('hunter2');
  });

  test('several mistakes are told at once, a line each', () => {
    const lines = mistakesOf({ PORT: 'x', LOG_LEVEL: 'y', NODE_ENV: 'production', SECRET_KEY: 'secret' });
    expect(lines.map((line) => line.split(':')[0])).toEqual(['PORT', 'SECRET_KEY', 'LOG_LEVEL']);
  });

  test('RATE_LIMITS=off and a well-known SECRET_KEY are warned of', () => {
    const config = readConfig({ RATE_LIMITS: 'off', SECRET_KEY: 'changeme' }, '/');
    expect(configWarnings(config).map((line) => line.split(/[ =]/)[0])).toEqual(['SECRET_KEY', 'RATE_LIMITS']);
  });
});

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'beseda-config-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('.env', () => {
  test('adds to the environment, which wins where both have a name', async () => {
    await withFolder(async (folder) => {
      const lines = [
        '# a comment',
        'PORT=1111',
        'HOST="0.0.0.0"',
        "METRICS_TOKEN='with # and spaces'",
        'export RATE_LIMITS=off',
      ];
      await writeFile(join(folder, '.env'), lines.join('\n'));
      const environment = readEnvironment({ PORT: '2222', PATH: '/bin' }, folder);
      expect(environment).toMatchObject({ PORT: '2222', HOST: '0.0.0.0', PATH: '/bin' });
      expect(readConfig(environment, folder)).toMatchObject({
        port: 2222,
        host: '0.0.0.0',
        metricsToken: 'with # and spaces',
        rateLimits: false,
        dataDir: join(folder, 'data'),
      });
    });
  });

  test('need not be there', async () => {
    await withFolder(async (folder) => {
      expect(readEnvironment({ PORT: '1' }, folder)).toEqual({ PORT: '1' });
    });
  });

  test('that cannot be read is said by its name', async () => {
    await withFolder(async (folder) => {
      await mkdir(join(folder, '.env'));
      expect(() => readEnvironment({}, folder)).toThrow(StartupError);
      expect(() => readEnvironment({}, folder)).toThrow(/^\.env: .* cannot be read: /);
    });
  });
});

describe('what is most likely a slip', () => {
  test.each(['a', 'mysecretkey', 'your_secret_key_here', 'Your-Secret-Key-Here!', 'fifteen letters'])(
    'the key %j is refused in production and warned of else',
    (key) => {
      expect(() => readConfig({ NODE_ENV: 'production', SECRET_KEY: key }, '/srv')).toThrow(/^SECRET_KEY: is /);
      expect(configWarnings(readConfig({ SECRET_KEY: key }, '/srv'))).toEqual([
        expect.stringMatching(/^SECRET_KEY is .*anyone can forge tokens/),
      ]);
    },
  );

  test('a blank key is refused in production, and else the installation’s own is used, with a warning', () => {
    expect(() => readConfig({ NODE_ENV: 'production', SECRET_KEY: ' ' }, '/srv')).toThrow(/^SECRET_KEY: is blank/);
    const config = readConfig({ SECRET_KEY: '' }, '/srv');
    expect(config.secretKey).toBeUndefined();
    expect(configWarnings(config)).toEqual([expect.stringMatching(/^SECRET_KEY is blank/)]);
  });

  test('metrics need a port of their own', () => {
    expect(() => readConfig({ PORT: '8000', METRICS_PORT: '8000' }, '/srv')).toThrow(
      /^METRICS_PORT: is 8000, as PORT is/,
    );
  });

  test('a .env file that begins with a byte order mark keeps its first variable', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'beseda-config-'));
    await writeFile(join(directory, '.env'), '\uFEFFPORT=8123\n');
    expect(readConfig(readEnvironment({}, directory), directory).port).toBe(8123);
    await rm(directory, { recursive: true });
  });
});
