import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These need Chromium: vitest.browser.config.ts.
    exclude: [...configDefaults.exclude, 'test/browser/**'],
    reporters: ['dot'],
    // What a test prints, such as its seed, matters when it fails.
    silent: 'passed-only',
    // A busy machine of two cores is slow, not wrong.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // All cores: a third of the time goes by in the engine.
    maxWorkers: '100%',
  },
});
