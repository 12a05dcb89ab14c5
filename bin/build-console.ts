import { join } from 'node:path';
import { BuildError, bringUpToDate } from './build-console/bring-up-to-date.ts';

/** What `npm start` and the CDK's command line run first: neither is to show or deploy a console older than its sources. */
try {
  await bringUpToDate(join(import.meta.dirname, '..'), () => {
    console.log('Building the console: a few seconds …');
  });
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
