import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['packages/testkit/src/vitest-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
  },
});
