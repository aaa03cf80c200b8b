/** A room of the house: a path prefix, and the prefixes its files may import from besides their own room. */
export interface Room {
  name: string;
  prefix: string;
  mayImport: readonly string[];
}

/**
 * The rooms, and the arrows between them, which go one way only. The first prefix that fits a file is its room, so
 * narrower ones come first.
 */
export const rooms: readonly Room[] = [
  { name: 'protocol', prefix: 'packages/protocol/src/', mayImport: [] },
  {
    name: 'startup-error',
    prefix: 'packages/server/src/startup-error.ts',
    mayImport: [],
  },
  { name: 'clock', prefix: 'packages/server/src/clock.ts', mayImport: [] },
  { name: 'db', prefix: 'packages/server/src/db/', mayImport: ['protocol', 'startup-error', 'clock'] },
  { name: 'bus', prefix: 'packages/server/src/bus/', mayImport: [] },
  { name: 'domain', prefix: 'packages/server/src/domain/', mayImport: ['protocol', 'clock', 'db'] },
  { name: 'files', prefix: 'packages/server/src/files/', mayImport: ['protocol', 'clock', 'db', 'domain'] },
  { name: 'live', prefix: 'packages/server/src/live/', mayImport: ['protocol', 'clock', 'db', 'bus', 'domain'] },
  {
    name: 'transport',
    prefix: 'packages/server/src/transport/',
    mayImport: ['protocol', 'clock', 'db', 'domain', 'files', 'live'],
  },
  {
    name: 'app',
    prefix: 'packages/server/src/',
    mayImport: ['protocol', 'startup-error', 'clock', 'db', 'bus', 'domain', 'files', 'live', 'transport', 'web build'],
  },
  {
    name: 'server tests',
    prefix: 'packages/server/testing/',
    mayImport: ['protocol', 'startup-error', 'clock', 'db', 'bus', 'app', 'cluster'],
  },
  {
    name: 'server tests',
    prefix: 'packages/server/test/',
    mayImport: [
      'protocol',
      'startup-error',
      'clock',
      'db',
      'bus',
      'domain',
      'files',
      'live',
      'transport',
      'app',
      'scripts',
    ],
  },
  { name: 'client', prefix: 'packages/client/src/', mayImport: ['protocol'] },
  { name: 'client tests', prefix: 'packages/client/test/', mayImport: ['protocol', 'client', 'server tests'] },
  { name: 'terminal', prefix: 'packages/terminal/src/', mayImport: ['protocol', 'client'] },
  { name: 'terminal tests', prefix: 'packages/terminal/test/', mayImport: ['protocol', 'terminal', 'server tests'] },
  { name: 'web words', prefix: 'packages/web/src/words/', mayImport: [] },
  { name: 'web state', prefix: 'packages/web/src/state/', mayImport: ['protocol', 'client'] },
  { name: 'web storage', prefix: 'packages/web/src/storage/', mayImport: ['protocol', 'client', 'web state'] },
  {
    name: 'web ui',
    prefix: 'packages/web/src/ui/',
    mayImport: ['protocol', 'client', 'web state', 'web storage', 'web words'],
  },
  { name: 'web worker', prefix: 'packages/web/worker/', mayImport: [] },
  { name: 'web build', prefix: 'packages/web/build/', mayImport: ['protocol', 'web state'] },
  { name: 'e2e', prefix: 'e2e/', mayImport: ['protocol', 'app', 'server tests', 'web build'] },
  {
    name: 'bench',
    prefix: 'bench/',
    mayImport: ['protocol', 'startup-error', 'db', 'app', 'web build', 'e2e', 'cluster'],
  },
  { name: 'cluster', prefix: 'cluster/', mayImport: ['startup-error', 'db', 'app'] },
  {
    name: 'chaos',
    prefix: 'chaos/',
    mayImport: ['protocol', 'startup-error', 'clock', 'db', 'app', 'client', 'server tests', 'cluster'],
  },
  { name: 'scripts', prefix: 'scripts/', mayImport: [] },
];

/** Packages that only certain rooms may use: what is replaceable is known in one place. */
export const keptPackages: readonly { package: RegExp; rooms: readonly string[] }[] = [
  { package: /^ws$/, rooms: ['transport', 'server tests', 'e2e', 'bench', 'chaos'] },
  { package: /^(fastify|@fastify\/.*)$/, rooms: ['transport', 'app'] },
  { package: /^@nats-io\//, rooms: ['bus'] },
  { package: /^(sharp|file-type)$/, rooms: ['files', 'server tests'] },
  { package: /^pg$/, rooms: ['db', 'server tests', 'bench', 'chaos'] },
  { package: /^kysely(\/.*)?$/, rooms: ['db', 'domain', 'server tests', 'chaos'] },
  {
    package: /^(react|react-dom|@base-ui\/react|@tanstack\/.*|mdast-.*|micromark-.*|lowlight)(\/.*)?$/,
    rooms: ['web ui'],
  },
  { package: /^idb$/, rooms: ['web storage'] },
  { package: /^(vite|@vitejs\/.*)$/, rooms: ['web build'] },
  { package: /^(vitest|fast-check)(\/.*)?$/, rooms: [] },
];
