import type { TestUserConfig } from 'vitest/config';

/** The settings that the configurations of all tests share. */
export const sharedSettings = {
  setupFiles: ['test/support/each-file.ts'],
  // A failed test needs its output, such as a seed. A passed one does not.
  silent: 'passed-only',
  // Generous, because a busy machine with two cores is slow.
  testTimeout: 120_000,
  hookTimeout: 120_000,
} satisfies TestUserConfig;

/** The settings of the tests that need no browser. */
export const settingsWithoutBrowser = {
  ...sharedSettings,
  // The files of a worker share what takes long to load: the AWS SDK and the CDK take a second for each file.
  isolate: false,
  // The SDK creates many small objects. With a larger space for new objects, their deletion takes less time.
  execArgv: ['--max-semi-space-size=64'],
  // fido2-lib's CBOR decoder would look for a native module, which package.json replaces with an empty package.
  env: { CBOR_NATIVE_ACCELERATION_DISABLED: 'true' },
  unstubEnvs: true,
  restoreMocks: true,
  reporters: ['dot'],
  // As many as there are cores: a worker waits for the engine a third of the time.
  maxWorkers: '100%',
} satisfies TestUserConfig;
