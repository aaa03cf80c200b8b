import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { PasswordRules } from './domain/passwords.ts';
import { parseNatsAddress, type NatsAddress } from './nats-address.ts';
import { StartupError } from './startup-error.ts';

/** Everything that the environment decides, read once. */
export interface Config {
  production: boolean;
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  /** Undefined: the embedded PostgreSQL in `dataDir`. */
  databaseUrl: string | undefined;
  databasePoolSize: number;
  /** Undefined: this server is the only one. */
  nats: NatsConfig | undefined;
  /** Undefined: the one kept in `dataDir`. */
  secretKey: string | undefined;
  /** Whether `SECRET_KEY` is set to nothing, which is most likely a slip. */
  secretKeyBlank: boolean;
  logLevel: LogLevel;
  /** Origins whose pages may call the API. */
  corsOrigins: '*' | string[];
  /** Seconds. */
  accessTokenLifetime: number;
  /** Seconds. */
  refreshTokenLifetime: number;
  /** Seconds. */
  sessionLifetime: number;
  passwordRules: PasswordRules;
  rateLimits: boolean;
  /** Whose word about the client's address is believed. */
  trustProxy: boolean | string[];
  metricsToken: string | undefined;
  metricsPort: number | undefined;
  /** Bytes of one file at most. */
  fileSizeLimit: number;
  /** Bytes of all files of one user at most. */
  userFilesLimit: number;
  /** Bytes of all files at most; undefined: as much as the disk holds. */
  allFilesLimit: number | undefined;
  /** Seconds over which sockets are closed when the server stops. */
  drainTime: number;
}

/** How other servers on the same database are reached; the files are absolute paths. */
export interface NatsConfig extends NatsAddress {
  /** What NATS hands out to a user: a token and a key. */
  credentialsFile: string | undefined;
  /** The authority that vouches for the NATS servers. */
  caFile: string | undefined;
  /** What this server shows to them. */
  certFile: string | undefined;
  keyFile: string | undefined;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Environment = Record<string, string | undefined>;

/** How one variable is read: the words for what is expected go into the error message. */
interface Setting<T> {
  expected: string;
  /** Undefined where the text is not what is expected. */
  parse: (text: string) => T | undefined;
  /** Whether the text may hold a password, and is not to be repeated. */
  secret?: boolean;
}

const DAY = 86_400;
const MIB = 1024 * 1024;

/** Keys that are printed in examples and guides, the original's among them: everybody knows them. */
const WELL_KNOWN_KEYS = new Set([
  'yoursecretkeyhere',
  'yoursecretkey',
  'yoursupersecretkey',
  'yoursecret',
  'mysecretkey',
  'mysecret',
  'secretkey',
  'secret',
  'supersecret',
  'supersecretkey',
  'changeme',
  'changethis',
  'replaceme',
  'password',
  'test',
]);

/** Seconds; with what is given to goodbyes and to requests under way, a stop takes less than 10. */
const MAX_DRAIN_S = 4;

/** Characters of a key that cannot be found by trying all shorter ones against one token. */
const MIN_KEY_LENGTH = 16;

/**
 * The environment, with what a `.env` file in `directory` adds to it.
 *
 * @throws StartupError when the file is there and cannot be read.
 */
export function readEnvironment(environment: Environment, directory: string): Environment {
  const path = resolve(directory, '.env');
  try {
    // Some editors begin a file with a byte order mark, which would become part of the first name.
    return { ...parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')), ...environment };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return environment;
    throw new StartupError(`.env: ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The settings that the environment holds.
 *
 * @param directory what a relative `DATA_DIR` is relative to.
 * @throws StartupError naming every variable that is wrong, a line each.
 */
export function readConfig(environment: Environment, directory: string): Config {
  const mistakes: string[] = [];
  const get = <T>(name: string, setting: Setting<T>): T | undefined => {
    const text = environment[name]?.trim();
    if (text === undefined || text === '') return undefined;
    const value = setting.parse(text);
    if (value === undefined) {
      const got = setting.secret === true ? 'something else' : JSON.stringify(text);
      mistakes.push(`${name}: expected ${setting.expected}, got ${got}`);
    }
    return value;
  };
  const production = get('NODE_ENV', oneOf(['production', 'development', 'test'])) === 'production';
  const config: Config = {
    production,
    port: get('PORT', integer(0, 65_535)) ?? 8000,
    host: get('HOST', text) ?? 'localhost',
    dataDir: resolve(directory, get('DATA_DIR', text) ?? 'data'),
    databaseUrl: get('DATABASE_URL', postgresUrl) ?? get('DATABASE_DSN', postgresUrl),
    databasePoolSize: get('DATABASE_POOL_SIZE', integer(2, 500)) ?? 10,
    nats: natsConfig(get('NATS_URL', natsUrl), (name) => {
      const path = get(name, text);
      return path === undefined ? undefined : resolve(directory, path);
    }),
    secretKey: secretKey(environment['SECRET_KEY'], production, mistakes),
    secretKeyBlank: environment['SECRET_KEY']?.trim() === '',
    logLevel: get('LOG_LEVEL', oneOf(LOG_LEVELS)) ?? (production ? 'info' : 'warn'),
    corsOrigins: get('CORS_ORIGINS', origins) ?? '*',
    accessTokenLifetime: get('ACCESS_TOKEN_LIFETIME', duration(60, DAY)) ?? 15 * 60,
    refreshTokenLifetime: get('REFRESH_TOKEN_LIFETIME', duration(60, 365 * DAY)) ?? 30 * DAY,
    sessionLifetime: get('SESSION_LIFETIME', duration(60, 3650 * DAY)) ?? 180 * DAY,
    passwordRules: get('PASSWORD_RULES', oneOf(['original', 'strict'])) ?? 'original',
    rateLimits: (get('RATE_LIMITS', oneOf(['on', 'off'])) ?? 'on') === 'on',
    trustProxy: get('TRUST_PROXY', proxies) ?? false,
    metricsToken: get('METRICS_TOKEN', text),
    metricsPort: get('METRICS_PORT', integer(1, 65_535)),
    fileSizeLimit: get('FILE_SIZE_LIMIT', bytes) ?? 100 * MIB,
    userFilesLimit: get('USER_FILES_LIMIT', bytes) ?? 10_240 * MIB,
    allFilesLimit: get('ALL_FILES_LIMIT', bytes),
    drainTime: get('DRAIN_TIME', duration(0, MAX_DRAIN_S)) ?? 3,
  };
  if (config.metricsPort !== undefined && config.metricsPort === config.port) {
    mistakes.push(`METRICS_PORT: is ${config.port}, as PORT is. Give the metrics a port of their own.`);
  }
  if (mistakes.length > 0) throw new StartupError(mistakes.join('\n'));
  return config;
}

/** What is dangerous though it may be meant: said at every start. */
export function configWarnings(config: Config): string[] {
  const warnings: string[] = [];
  if (config.secretKeyBlank) {
    warnings.push('SECRET_KEY is blank: the key that was made at the first start and is kept in DATA_DIR is used.');
  }
  const weakness = config.secretKey === undefined ? undefined : weaknessOf(config.secretKey);
  if (weakness !== undefined) {
    warnings.push(`SECRET_KEY ${weakness}: anyone can forge tokens. Fine for a trial, never for real use.`);
  }
  if (config.nats !== undefined && config.secretKey === undefined) {
    warnings.push(
      'NATS_URL is set and SECRET_KEY is not: unless all servers share one DATA_DIR, a session that one of them opens is worth nothing to the others.',
    );
  }
  if (!config.rateLimits)
    warnings.push('RATE_LIMITS=off: passwords can be guessed and sockets opened without limit. For tests only.');
  return warnings;
}

function secretKey(value: string | undefined, production: boolean, mistakes: string[]): string | undefined {
  if (value === undefined) return undefined;
  const weakness = weaknessOf(value);
  if (production && weakness !== undefined) {
    mistakes.push(
      `SECRET_KEY: ${weakness}, which NODE_ENV=production does not allow. ` +
        'Set a long random one (openssl rand -base64 48), or leave it out to have one made and kept in DATA_DIR.',
    );
  }
  return value.trim() === '' ? undefined : value;
}

function weaknessOf(key: string): string | undefined {
  if (key.trim() === '') return 'is blank';
  if (WELL_KNOWN_KEYS.has(key.toLowerCase().replaceAll(/[^a-z\d]/g, ''))) return 'is a well-known value';
  return key.length < MIN_KEY_LENGTH ? `is shorter than ${MIN_KEY_LENGTH} characters` : undefined;
}

const text: Setting<string> = { expected: 'a text', parse: (value) => value };

function integer(min: number, max: number): Setting<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    parse: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
}

function oneOf<const T extends string>(values: readonly T[]): Setting<T> {
  return {
    expected: `one of ${values.join(', ')}`,
    parse: (value) => values.find((candidate) => candidate === value.toLowerCase()),
  };
}

/** Seconds, or a number with its unit: 90s, 15m, 12h, 30d. */
function duration(min: number, max: number): Setting<number> {
  const units = { s: 1, m: 60, h: 3600, d: DAY };
  return {
    expected:
      max < DAY
        ? `a duration like 2s, from ${min} s to ${max} s`
        : `a duration like 900, 15m, 12h or 30d, from ${min} s to ${Math.floor(max / DAY)} d`,
    parse: (value) => {
      const match = /^(\d{1,10})([smhd]?)$/.exec(value);
      if (match === null) return undefined;
      const unit = match[2];
      const scale = unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? units[unit] : 1;
      const seconds = Number(match[1]) * scale;
      return seconds >= min && seconds <= max ? seconds : undefined;
    },
  };
}

/** Bytes, or a number with its unit: 500KiB, 100MiB, 10GiB. */
const bytes: Setting<number> = {
  expected: 'a size like 100MiB or 10GiB, of 1 byte or more',
  parse: (value) => {
    const [, digits, unit = ''] = /^(\d{1,9})(KiB|MiB|GiB)?$/.exec(value) ?? [];
    const scale = { '': 1, KiB: 1024, MiB: MIB, GiB: 1024 * MIB }[unit];
    const size = scale === undefined ? Number.NaN : Number(digits) * scale;
    return size >= 1 ? size : undefined;
  },
};

const postgresUrl: Setting<string> = {
  expected: 'an address like postgresql://user:password@host:5432/database',
  secret: true,
  parse: (value) => {
    // SQLAlchemy names its driver in the scheme (postgresql+asyncpg://…); the rest means the same to every client.
    const url = URL.parse(value.replace(/^(postgres(?:ql)?)\+\w+:/, '$1:'));
    return url !== null && /^postgres(ql)?:$/.test(url.protocol) ? url.href : undefined;
  },
};

const natsUrl: Setting<NatsAddress> = {
  expected: 'addresses like nats://user:password@host:4222, separated by commas; tls:// for encrypted ones',
  secret: true,
  parse: parseNatsAddress,
};

function natsConfig(
  address: NatsAddress | undefined,
  file: (name: string) => string | undefined,
): NatsConfig | undefined {
  const files = {
    credentialsFile: file('NATS_CREDENTIALS'),
    caFile: file('NATS_CA'),
    certFile: file('NATS_CERT'),
    keyFile: file('NATS_KEY'),
  };
  return address === undefined ? undefined : { ...address, ...files };
}

const origins: Setting<'*' | string[]> = {
  expected: '* or origins like https://chat.example.org, separated by commas',
  parse: (value) => {
    if (value === '*') return '*';
    const list = value.split(',').map((origin) => origin.trim());
    return list.every((origin) => URL.parse(origin)?.origin === origin) ? list : undefined;
  },
};

/** An address, or a block of them in CIDR notation. */
function isNetwork(value: string): boolean {
  const [, address = '', prefix = '0'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  return isIP(address) > 0 && Number(prefix) <= (isIP(address) === 6 ? 128 : 32);
}

const proxies: Setting<boolean | string[]> = {
  expected: 'on, off, or addresses of proxies like 127.0.0.1,10.0.0.0/8',
  parse: (value) => {
    const word = value.toLowerCase();
    if (word === 'on' || word === 'off') return word === 'on';
    const list = value.split(',').map((address) => address.trim());
    return list.every(isNetwork) ? list : undefined;
  },
};
