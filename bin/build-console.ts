import { join } from 'node:path';
import { BuildError, bringUpToDate } from './build-console/bring-up-to-date.ts';

/**
 * Runs before `npm start` and before the CDK's command line, so that these commands never serve or deploy an outdated
 * console.
 */
try {
  await bringUpToDate(join(import.meta.dirname, '..'), () => {
    console.log('Building the console. This takes a few seconds …');
  });
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
