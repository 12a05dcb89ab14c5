import { readDeployment, streamSources, suspendable } from './deployment.ts';
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
