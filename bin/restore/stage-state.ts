import { createHash } from 'node:crypto';
import { readDeployment, streamSources, suspendable } from './deployment.ts';
import { markedAt, markOf } from './marks.ts';
import { RestoreError } from './restore-error.ts';
import { describeTarget, type Restore } from './restore.ts';

/** Returns the restore with the state of the stacks as AWS reports it now. */
export const withPresentState = async (restore: Restore): Promise<Restore> => ({
  ...restore,
  deployment: await readDeployment(restore.clients, restore.serviceName),
});

/** Returns whether at least one function uses the restored table. */
export const usesTarget = ({ deployment, target }: Restore): boolean =>
  deployment.functions.some(({ table }) => table === target);

/** Returns whether every function and every stream consumer uses the restored table. */
export async function usesOnlyTarget(restore: Restore): Promise<boolean> {
  const { deployment, target } = restore;
  const table = await describeTarget(restore);
  const streams = streamSources(deployment);
  return (
    table?.LatestStreamArn !== undefined &&
    deployment.functions.every((running) => running.table === target) &&
    streams.length > 0 &&
    streams.every((source) => source === table.LatestStreamArn)
  );
}

/** Returns whether nothing invokes a function of the service. */
export const isSuspended = ({ deployment }: Restore): boolean =>
  suspendable(deployment).every(({ isStopped }) => isStopped) &&
  [...deployment.mappings, ...deployment.rules].every(({ isOff }) => isOff);

/** Throws `RestoreError` unless the service is suspended now. */
export async function requireSuspended(restore: Restore): Promise<void> {
  if (!isSuspended(await withPresentState(restore))) {
    throw new RestoreError(
      'The service is not suspended. Set "suspended: true" in config/stages.ts, deploy, and repeat the command.',
    );
  }
}

/** Returns the line that asks for a deployment of all stacks of a stage. */
export const deployAndRepeat = ({ stage }: Restore) =>
  `and deploy: npx cdk deploy --all -c stage=${stage} (then repeat this command)`;

/** The name of the mark that the closing records were reapplied. Its value is that of `digestOfClosingRecords`. */
export const REAPPLIED = 'closing-records';

/** Returns a digest of all closing records. It changes when the service begins or completes to discard a customer. */
export async function digestOfClosingRecords({ deployment, readClosingRecords }: Restore): Promise<string> {
  const records = await readClosingRecords(deployment.closingRecords);
  const times = records.map(({ customerId, unsubscribedAt, discardedAt }) => [customerId, unsubscribedAt, discardedAt]);
  return createHash('sha256').update(JSON.stringify(times)).digest('hex');
}

/**
 * Throws `RestoreError` if the service has used another table since the restore began. The restored table then contains
 * customers that were discarded in the other table meanwhile, and the new secrets have sealed ceremonies that were used
 * there. The message says how to begin again.
 */
export async function requireUnusedSince(restore: Restore): Promise<void> {
  const { deployment, target } = restore;
  if (!(await describeTarget(restore))) return;
  const elsewhere = suspendable(deployment).find(({ table, isStopped }) => table !== target && !isStopped);
  if (elsewhere) throw beginAgain(restore, `The service runs and uses the table ${elsewhere.table}.`);
  if (usesTarget(restore)) return;
  const startedAt = await markedAt(restore, 'started');
  if (startedAt !== undefined) {
    const time = new Date(startedAt).toISOString();
    throw beginAgain(
      restore,
      `The service used the table ${target} from ${time} on, and now uses another table. Only ${target} contains the changes of that time.`,
    );
  }
  const reapplied = await markOf(restore, REAPPLIED);
  if (reapplied !== undefined && reapplied !== (await digestOfClosingRecords(restore))) {
    throw beginAgain(restore, 'The service was not suspended all the time: it has discarded customers.');
  }
}

const beginAgain = ({ target }: Restore, why: string) =>
  new RestoreError(
    [
      why,
      `The table ${target} may contain customers that were discarded meanwhile. Delete this table, and begin again:`,
      ...howToDelete(target),
    ].join('\n'),
  );

/**
 * Returns the commands that delete a restored table. They switch off the backups first, because DynamoDB keeps a backup
 * of a deleted table with backups for 35 days.
 */
export const howToDelete = (table: string): readonly string[] => [
  `  aws dynamodb update-continuous-backups --table-name ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=false`,
  `  aws dynamodb update-table --table-name ${table} --no-deletion-protection-enabled`,
  `  aws dynamodb delete-table --table-name ${table}`,
];
