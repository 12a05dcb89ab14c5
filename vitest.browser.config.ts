import { defineConfig } from 'vitest/config';
import { sharedSettings } from './vitest.shared.ts';

/** The tests that need Chromium: `npm run test:browser`. */
export default defineConfig({
  test: {
    ...sharedSettings,
    include: ['test/browser/**/*.test.ts'],
    reporters: ['default'],
    expect: { poll: { timeout: 30_000 } },
    // Starting the service with its demo customers takes 15 s of a core, and longer than the tests may take if the
    // machine is busy.
    hookTimeout: 300_000,
    // Each file has its own browser and service, which need more than a core.
    maxWorkers: 2,
  },
});
