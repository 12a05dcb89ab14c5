import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      // These tests need Chromium. vitest.browser.config.ts runs them.
      'test/browser/**',
      // These tests need the synthesized templates. vitest.deployed.config.ts runs them.
      'test/deployed/**',
      ...(process.env['LONG'] === undefined ? ['test/**/*.long.test.ts'] : []),
    ],
    // Tests of the SDK import its build.
    globalSetup: ['test/support/built-sdk.ts'],
    setupFiles: ['test/support/each-file.ts'],
    // The files of a worker share their modules, because loading the AWS SDK and the CDK takes a second for each file.
    isolate: false,
    // The SDK creates many small objects. With a larger space for new objects, their deletion takes less time.
    execArgv: ['--max-semi-space-size=64'],
    // fido2-lib's CBOR decoder would look for a native module, which package.json replaces with an empty package.
    env: { CBOR_NATIVE_ACCELERATION_DISABLED: 'true' },
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
