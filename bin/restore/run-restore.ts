import { restoredTableName } from '../../config/restored-table.ts';
import { serviceNameOf } from '../../config/service-name.ts';
import { readDeployment } from './deployment.ts';
import { RestoreError } from './restore-error.ts';
import { requireUnusedSince } from './require-unused-since.ts';
import type { Restore, RestoreRequest, RestoreSurroundings } from './restore.ts';
import { withPresentState } from './stage-state.ts';
import type { Step } from './step.ts';
import { steps } from './steps.ts';
import { POLL_INTERVAL } from './tables.ts';

/** How long a change may take until AWS shows it, in milliseconds. */
const VISIBLE_AFTER = 60_000;

/**
 * How a run ended: all steps are done (`complete`), a person must act before the next run (`waiting`), or the run only
 * printed the steps (`dry-run`).
 */
export type RestoreOutcome = 'complete' | 'waiting' | 'dry-run';

/**
 * Restores the table of a stage to an earlier time, step by step. Skips the steps that are done. Stops at a step that a
 * person must perform, and prints what to do. The process may die at any moment: a run with the same request continues.
 * With `isDryRun`, prints which steps are done and which are not, and changes nothing. Throws `RestoreError`.
 */
export async function runRestore(request: RestoreRequest, surroundings: RestoreSurroundings): Promise<RestoreOutcome> {
  const { stage, at, isDryRun = false } = request;
  const { clients, print } = surroundings;
  const serviceName = serviceNameOf(stage);
  let restore: Restore = {
    ...request,
    ...surroundings,
    serviceName,
    target: restoredTableName(serviceName, at),
    deployment: await readDeployment(clients, serviceName),
  };
  print(`Restoring ${stage} to ${at.toISOString()} as ${restore.target}${isDryRun ? ' (dry run)' : ''}`);
  await requireUnusedSince(restore);
  let done = 0;
  for (const step of steps) {
    if (await step.isDone(restore)) {
      done += 1;
      if (isDryRun) print(`done     ${step.title}`);
      continue;
    }
    if (done > 0 && !isDryRun) print(`done     ${done} ${done === 1 ? 'step' : 'steps'}`);
    done = 0;
    if (isDryRun) {
      print(`to do    ${step.title}`);
      continue;
    }
    const todo = await step.ask?.(restore);
    if (todo) {
      print(`you      ${step.title}`);
      for (const line of todo) print(`         ${line}`);
      return 'waiting';
    }
    await step.act?.(restore);
    // A step can last hours, and somebody may deploy meanwhile.
    restore = await withPresentState(restore);
    await requireUnusedSince(restore);
    if (!(await isDoneSoon(step, restore))) {
      throw new RestoreError(
        `The step "${step.title}" has no effect yet. Repeat the command, and if that does not help, look at the table ${restore.target}.`,
      );
    }
    print(`now done ${step.title}`);
  }
  if (!isDryRun) print('The restore is complete.');
  return isDryRun ? 'dry-run' : 'complete';
}

/**
 * Returns whether AWS shows within a minute that a step is done. Tags need it: "ListTagsOfResource API will only
 * reflect the changes after a few seconds" (Amazon DynamoDB API Reference, "TagResource").
 */
async function isDoneSoon(step: Step, restore: Restore): Promise<boolean> {
  for (let waited = 0; waited < VISIBLE_AFTER; waited += POLL_INTERVAL) {
    if (await step.isDone(restore)) return true;
    await restore.wait(POLL_INTERVAL);
  }
  return step.isDone(restore);
}
