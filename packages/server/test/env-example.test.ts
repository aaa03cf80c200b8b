import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readConfig, type Config } from '../src/config.ts';

const ROOT = new URL('../../../', import.meta.url);
const EXAMPLE = read('.env.example');

function read(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

/** The lines of the example that set something once their `#` is gone, with the comment above them. */
function settings(text: string): { name: string; line: string; meaning: string }[] {
  let comment: string[] = [];
  return text.split('\n').flatMap((line) => {
    const name = /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
    if (name === undefined) {
      comment = line.startsWith('# ') ? [...comment, line.slice(2)] : [];
      return [];
    }
    const meaning = comment.join(' ');
    comment = [];
    return [{ name, line: line.replace(/^#/, ''), meaning }];
  });
}

/** The variables that `readConfig` asks for. */
function askedFor(): string[] {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get(_target, name) {
        if (typeof name === 'string') asked.add(name);
        return undefined;
      },
    },
  );
  readConfig(environment, '/srv');
  return [...asked];
}

function interpolated(compose: string): string[] {
  return [...compose.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
}

function differences(a: Config, b: Config): (keyof Config)[] {
  const keys = Object.keys(a) as (keyof Config)[];
  return keys.filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]));
}

const known = askedFor();
const all = settings(EXAMPLE);

describe('.env.example', () => {
  test('names each variable that something reads, once, and no other', () => {
    const compose = ['docker-compose.yaml', 'docker-compose.production.yaml'].flatMap((path) =>
      interpolated(read(path)),
    );
    const tests = [...read('packages/server/testing/database-cluster.ts').matchAll(/process\.env\['(\w+)'\]/g)];
    const expected = new Set([...known, ...compose, ...tests.map(([, name = '']) => name)]);
    expect(known).toContain('DATABASE_DSN');
    expect(all.map(({ name }) => name).toSorted()).toEqual([...expected].toSorted());
  });

  test('changes nothing as it stands', () => {
    expect(parseEnv(EXAMPLE)).toEqual({});
  });

  test('says of each variable what it means', () => {
    for (const { name, meaning } of all) expect([name, meaning]).toEqual([name, expect.stringMatching(/\w+ \w+/)]);
    expect(all.find(({ name }) => name === 'TEST_DATABASE_URL')?.meaning).toContain('For tests only');
  });

  test.for(all.filter(({ name }) => known.includes(name)))('$line is the default, or an example of one', ({ line }) => {
    const defaults = readConfig({}, '/srv');
    const config = readConfig(parseEnv(line), '/srv');
    // A variable that has a default shows it; so only one without may bring something else.
    for (const key of differences(config, defaults)) expect([key, defaults[key]]).toEqual([key, undefined]);
  });

  test('is accepted as a whole', () => {
    const whole = parseEnv(all.map(({ line }) => line).join('\n'));
    expect(readConfig(whole, '/srv')).toMatchObject({ port: 8000, metricsPort: 9090 });
  });
});
