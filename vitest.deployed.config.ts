import { defineConfig } from 'vitest/config';
import { filesOnDeployed } from './test/deployed/files.ts';

/** The tests of the deployed service: `npm run test:deployed`. */
export default defineConfig({
  test: {
    include: ['test/deployed/**/*.test.ts', ...filesOnDeployed],
    globalSetup: ['test/support/built-sdk.ts', 'test/deployed/global-setup.ts'],
    setupFiles: ['test/support/each-file.ts'],
    // The files of a worker share the processes of the functions.
    isolate: false,
    execArgv: ['--max-semi-space-size=64'],
    env: { DEPLOYED: 'true', CBOR_NATIVE_ACCELERATION_DISABLED: 'true' },
    unstubEnvs: true,
    restoreMocks: true,
    reporters: ['dot'],
    silent: 'passed-only',
    // Generous, because a busy machine with two cores is slow.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    maxWorkers: '100%',
  },
});
