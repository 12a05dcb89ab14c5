import { join } from 'node:path';
import { bringUpToDate } from '../../bin/building/bring-up-to-date.ts';
import { sdkBuild } from '../../bin/building/builds.ts';

/** Builds the SDK once before all tests if it is not up to date. A failed build ends the run with its output. */
export const setup = () =>
  bringUpToDate(sdkBuild, join(import.meta.dirname, '../..'), () => {
    console.log('Building the SDK …');
  });
