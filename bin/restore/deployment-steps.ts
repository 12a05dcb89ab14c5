import { randomBytes } from 'node:crypto';
import { ListSecretVersionIdsCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { suspendable } from './deployment.ts';
import { mark, markedAt, STARTED } from './marks.ts';
import { describeTarget, type Restore } from './restore.ts';
import { deployAndRepeat, isSuspended, requireSuspended, usesOnlyTarget } from './stage-state.ts';
import type { Step } from './step.ts';

/** The steps that let the service use the restored table, and start it. */
export const deploymentSteps: readonly Step[] = [
  {
    title: 'Let the suspended service use the restored table',
    isDone: (restore) => isDeployed(restore),
    ask: async (restore) => {
      const table = await describeTarget(restore);
      return [
        `In config/stages.ts, set this in the stage ${restore.stage}:`,
        '  suspended: true,',
        `  restoredTable: '${table?.LatestStreamArn ?? `the ARN of the stream of ${restore.target}`}',`,
        '  signalsUnknownCredentials: false,',
        deployAndRepeat(restore),
      ];
    },
  },
  {
    // The restored table does not know which ceremonies were used after the time of the backup. The service opens
    // ceremonies with the current and the previous secret, so two new secrets make it refuse all of them. If the
    // process dies between the two, the next run adds the second.
    title: "Replace the stage's secret twice",
    isDone: async (restore) => (await newSecrets(restore)) >= 2,
    act: async (restore) => {
      const { clients, deployment } = restore;
      await requireSuspended(restore);
      for (let count = await newSecrets(restore); count < 2; count += 1) {
        const SecretString = randomBytes(48).toString('base64');
        await clients.secrets.send(new PutSecretValueCommand({ SecretId: deployment.stageSecret, SecretString }));
      }
    },
  },
  {
    title: 'Start the service',
    isDone: async (restore) => (await markedAt(restore, STARTED)) !== undefined,
    ask: async (restore) =>
      (await isRunning(restore))
        ? undefined
        : [
            `In config/stages.ts, remove this from the stage ${restore.stage}:`,
            '  suspended: true,',
            deployAndRepeat(restore),
          ],
    act: (restore) => mark(restore, STARTED),
  },
];

/**
 * Returns whether all functions and stream consumers use the restored table, and whether no function tells pages to
 * delete unknown passkeys. They may be told again some time after the start.
 */
async function isDeployed(restore: Restore): Promise<boolean> {
  const { functions } = restore.deployment;
  if (!(await usesOnlyTarget(restore))) return false;
  const isSilent = functions.every(({ signalsUnknownCredentials }) => signalsUnknownCredentials !== true);
  return isSilent || (await markedAt(restore, STARTED)) !== undefined;
}

/** Returns whether Lambda and EventBridge run everything of the service. */
async function isRunning(restore: Restore): Promise<boolean> {
  const { functions, mappings, rules } = restore.deployment;
  return (
    !isSuspended(restore) &&
    (await usesOnlyTarget(restore)) &&
    functions.every(({ isStopped }) => !isStopped) &&
    [...mappings, ...rules].every(({ isOn }) => isOn)
  );
}

/**
 * Returns how many of the current and the previous secret are new: newer than the restored table and, before the
 * service starts, newer than the last change of a function. A function that has run on another table meanwhile was
 * changed when it was stopped again, so no ceremony that was used there was sealed with a new secret.
 */
async function newSecrets(restore: Restore): Promise<number> {
  const { clients, deployment } = restore;
  const table = await describeTarget(restore);
  const isStarted = !isSuspended(restore) || (await markedAt(restore, STARTED)) !== undefined;
  const changes = isStarted ? [] : suspendable(deployment).map(({ changedAt }) => changedAt);
  const { Versions = [] } = await clients.secrets.send(
    new ListSecretVersionIdsCommand({ SecretId: deployment.stageSecret }),
  );
  const since = Math.max(table?.CreationDateTime?.getTime() ?? Infinity, ...changes);
  return Versions.filter(
    ({ CreatedDate, VersionStages = [] }) =>
      CreatedDate !== undefined &&
      CreatedDate.getTime() > since &&
      VersionStages.some((stage) => ['AWSCURRENT', 'AWSPREVIOUS'].includes(stage)),
  ).length;
}
