import { join } from 'node:path';
import { BuildError, bringUpToDate } from './bring-up-to-date.ts';
import type { Build } from './builds.ts';

/**
 * Runs a build of this project if its result is not up to date. Prints a failure and sets the exit code, so that npm
 * does not go on.
 */
export async function buildOutdated(build: Build): Promise<void> {
  try {
    await bringUpToDate(build, join(import.meta.dirname, '../..'), () => {
      console.log(`Building ${build.name}. This takes a few seconds …`);
    });
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
