import { defineConfig } from 'vitest/config';
import { filesOnDeployed } from './test/deployed/files.ts';
import { settingsWithoutBrowser } from './vitest.shared.ts';

/** The tests of the deployed service: `npm run test:deployed`. The files of a worker share the functions' processes. */
export default defineConfig({
  test: {
    ...settingsWithoutBrowser,
    include: ['test/deployed/**/*.test.ts', ...filesOnDeployed],
    globalSetup: ['test/support/built-sdk.ts', 'test/deployed/global-setup.ts'],
    env: { ...settingsWithoutBrowser.env, DEPLOYED: 'true' },
    expect: { poll: { timeout: 30_000 } },
  },
});
