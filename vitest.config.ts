import { configDefaults, defineConfig } from 'vitest/config';
import { settingsWithoutBrowser } from './vitest.shared.ts';

export default defineConfig({
  test: {
    ...settingsWithoutBrowser,
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
  },
});
