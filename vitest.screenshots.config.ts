import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: no test, but it stands on the same ground as they do. */
export default defineConfig({
  test: {
    include: ['e2e/screenshots.testing.ts'],
    globalSetup: ['packages/server/testing/database-cluster.ts', 'e2e/web-client.testing.ts'],
    testTimeout: 180_000,
  },
});
