import { StageError } from '../../../config/stage.ts';
import { ReleaseError, requireCommitted, writeRelease } from './release-files.ts';
import { releasesOf } from './released-stack.ts';
import { synthesizeStages } from './synthesize-stages.ts';

/**
 * `npm run release:templates`: writes the files with which the next updates of the stages are compared. The exit code
 * is 1 if changes are not committed, or if the settings of a stage are wrong.
 */
try {
  requireCommitted();
  const templates = await synthesizeStages();
  await writeRelease(releasesOf(templates));
  console.log(`Written: the templates of ${Object.keys(templates).join(' and ')}. Commit them.`);
} catch (error) {
  if (!(error instanceof ReleaseError || error instanceof StageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
