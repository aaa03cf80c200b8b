import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,e2e,scripts,bench,cluster,chaos}/**/*.test.ts'],
    globalSetup: [
      'packages/server/testing/database-cluster.ts',
      'packages/server/testing/provide-nats.ts',
      'e2e/web-client.testing.ts',
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What comes comes at once on a quiet machine; a busy one is waited for.
    expect: { poll: { timeout: 15_000 } },
    maxWorkers: 2,
    retry: 0,
    passWithNoTests: false,
  },
});
