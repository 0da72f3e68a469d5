import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**', 'node_modules/**'],
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
  },
});
