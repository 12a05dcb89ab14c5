import { defineConfig } from 'vitest/config';

/** The tests that need Chromium: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    reporters: ['default'],
    silent: 'passed-only',
    // A busy machine of two cores is slow, not wrong.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two browsers and two services share two cores: what fails once for being slow is looked at once more, and named.
    retry: 1,
    expect: { poll: { timeout: 30_000 } },
    // A file has a browser and a service of its own, which take a core and more.
    maxWorkers: 2,
  },
});
