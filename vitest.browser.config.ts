import { defineConfig } from 'vitest/config';

/** The tests that need Chromium: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    setupFiles: ['test/support/each-file.ts'],
    reporters: ['default'],
    silent: 'passed-only',
    // Generous, because a busy machine with two cores is slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    // Each file has its own browser and service, which need more than a core.
    maxWorkers: 2,
  },
});
