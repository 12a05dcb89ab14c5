import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['dot'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['aws-sdk-client-mock-vitest/extend'],
  },
});
