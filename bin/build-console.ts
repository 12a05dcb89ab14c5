import { join } from 'node:path';
import { BuildError, bringUpToDate } from './build-console/bring-up-to-date.ts';

/**
 * Builds the console if the console is not up to date. npm runs this script before `npm start`, and the CDK runs it
 * before its own work, so that neither serves or deploys an outdated console.
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
