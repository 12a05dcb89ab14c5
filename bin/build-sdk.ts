import { buildOutdated } from './building/build-outdated.ts';
import { sdkBuild } from './building/builds.ts';

/**
 * Builds the SDK if the SDK is not up to date. npm runs this script before each script that imports the SDK: inside
 * this project too, an import of the SDK finds its build.
 */
await buildOutdated(sdkBuild);
