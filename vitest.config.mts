import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**', 'node_modules/**'],
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
    // A loaded machine is slow, not wrong.
    expect: { poll: { timeout: 15_000 } },
  },
});
