import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These tests need Chromium. vitest.browser.config.ts runs them.
    exclude: [...configDefaults.exclude, 'test/browser/**'],
    setupFiles: ['test/support/each-file.ts'],
    // The files of a worker share their modules, because loading the AWS SDK and the CDK takes a second for each file.
    isolate: false,
    unstubEnvs: true,
    restoreMocks: true,
    reporters: ['dot'],
    // A failed test needs its output, such as a seed. A passed one does not.
    silent: 'passed-only',
    // Generous, because a busy machine with two cores is slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // As many as there are cores: a worker waits for the engine a third of the time.
    maxWorkers: '100%',
  },
});
