import { globSync, readFileSync } from 'node:fs';

/**
 * The test files that start the whole service, but do not run on the deployed service, each with the reason. All other
 * files that start the whole service do.
 */
export const leftOut: Readonly<Record<string, string>> = {};

/** Returns whether a test file starts the whole service. */
function startsService(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  return /\bstartTestService\b/.test(text) || /\bpasskeyService\b/.test(text);
}

/** The test files that start the whole service, without those that need Chromium and those that take long. */
export const filesWithService = globSync('test/**/*.test.ts')
  .filter((file) => !/^test\/(browser|deployed)\/|\.long\.test\.ts$/.test(file) && startsService(file))
  .sort();

/** The test files, outside this folder, that run on the deployed service. */
export const filesOnDeployed = filesWithService.filter((file) => !Object.hasOwn(leftOut, file));
