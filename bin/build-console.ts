import { buildOutdated } from './building/build-outdated.ts';
import { consoleBuild } from './building/builds.ts';

/**
 * Builds the console if the console is not up to date. npm runs this script before `npm start`, and the CDK runs it
 * before its own work, so that neither serves or deploys an outdated console.
 */
await buildOutdated(consoleBuild);
