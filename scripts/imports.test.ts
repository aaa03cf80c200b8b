import { describe, expect, test } from 'vitest';
import { importsOf, violation } from './imports.ts';

describe('the arrows between the rooms', () => {
  test('a room imports what stands below it', () => {
    expect(violation('packages/server/src/domain/groups.ts', '../db/open.ts')).toBeUndefined();
    expect(violation('packages/server/src/domain/groups.ts', '@beseda/protocol/groups.ts')).toBeUndefined();
    expect(violation('packages/server/src/transport/http.ts', 'fastify')).toBeUndefined();
  });

  test('a room does not import what stands above it', () => {
    expect(violation('packages/server/src/domain/groups.ts', '../live/hub.ts')).toMatch(
      /domain may not import from live/,
    );
    expect(violation('packages/protocol/src/users.ts', '@beseda/server/app.ts')).toMatch(/protocol may not/);
    expect(violation('packages/server/src/live/hub.ts', '../transport/http.ts')).toMatch(/live may not/);
  });

  test('a library that is kept in one room is used nowhere else', () => {
    expect(violation('packages/server/src/domain/groups.ts', 'ws')).toMatch(/domain may not use ws/);
    expect(violation('packages/server/src/transport/routes/groups.ts', 'kysely')).toMatch(
      /transport may not use kysely/,
    );
  });

  test('imports name a file', () => {
    expect(violation('packages/server/src/domain/groups.ts', './problem')).toMatch(/must name a file/);
  });

  test('type imports, re-exports and dynamic imports count', () => {
    const source = "import type { A } from './a.ts';\nexport { b } from './b.ts';\nawait import('./c.ts');\n";
    expect(importsOf('x.ts', source)).toEqual([
      { specifier: './a.ts', line: 1 },
      { specifier: './b.ts', line: 2 },
      { specifier: './c.ts', line: 3 },
    ]);
  });
});
