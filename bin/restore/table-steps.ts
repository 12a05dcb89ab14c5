import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { servingTable, suspendable } from './deployment.ts';
import { RestoreError } from './restore-error.ts';
import { describeTarget, formerTableOf, mark, markedAt, requireTarget, untilActive, type Restore } from './restore.ts';
import * as tables from './restored-table.ts';
import type { Step } from './steps.ts';

/** How much longer than its time-out an invocation may last, in milliseconds. */
const MARGIN = 60_000;

/** Returns whether the service already uses the restored table. */
export const servesTarget = ({ deployment, target }: Restore): boolean =>
  deployment.functions.some(({ table }) => table === target);

/** Returns whether nothing invokes a function of the service. */
export const isSuspended = ({ deployment }: Restore): boolean =>
  suspendable(deployment).every(({ isStopped }) => isStopped) &&
  [...deployment.mappings, ...deployment.rules].every(({ isOff }) => isOff);

/** Returns the line that asks for a deployment of all stacks of a stage. */
export const deployAndRepeat = ({ stage }: Restore) =>
  `and deploy: npx cdk deploy --all -c stage=${stage} (then repeat this command)`;

/** Returns a step that changes the restored table, and waits until DynamoDB has made the change. */
function changing(
  title: string,
  isDone: (restore: Restore, table: TableDescription) => Promise<boolean> | boolean,
  act: (restore: Restore, table: TableDescription) => Promise<void>,
): Step {
  return {
    title,
    isDone: async (restore) => {
      const table = await describeTarget(restore);
      return table !== undefined && (await isDone(restore, table));
    },
    act: async (restore) => {
      await act(restore, await requireTarget(restore));
      await untilActive(restore);
    },
  };
}

const formerOf = ({ clients }: Restore, table: TableDescription) =>
  tables.describeTable(clients.dynamodb, formerTableOf(table));

/** The steps that stop the service, and make a restored table that the service can use. */
export const tableSteps: readonly Step[] = [
  {
    title: 'Check that the backup contains the time',
    isDone: async (restore) => {
      if (await describeTarget(restore)) return true;
      const { clients, deployment, at } = restore;
      const source = servingTable(deployment);
      const backups = await tables.backupsOf(clients.dynamodb, source);
      if (!backups) throw new RestoreError(`The table ${source} has no backups.`);
      if (at >= backups.from && at <= backups.to) return true;
      throw new RestoreError(
        `The table ${source} can be restored to a time from ${iso(backups.from)} to ${iso(backups.to)}. Choose such a time.`,
      );
    },
  },
  {
    title: 'Stop the service',
    isDone: (restore) => isSuspended(restore) || servesTarget(restore),
    ask: (restore) => [
      `In config/stages.ts, add this to the stage ${restore.stage}:`,
      '  suspended: true,',
      deployAndRepeat(restore),
    ],
  },
  {
    title: 'Begin to restore the table',
    isDone: async (restore) => (await describeTarget(restore)) !== undefined,
    // If the process dies afterwards, the next run finds the table by its name, because the name contains the time.
    act: async ({ clients, deployment, serviceName, target, at }) => {
      const source = servingTable(deployment);
      const [other] = (await tables.tablesNamed(clients.dynamodb, `${serviceName}-restored-`)).filter(
        (name) => name !== source && name !== target,
      );
      if (other !== undefined) {
        throw new RestoreError(
          `There is a restored table ${other}, which does not serve. Repeat the command with the time in its name, or delete the table.`,
        );
      }
      await tables.beginRestoring(clients.dynamodb, source, target, at);
    },
  },
  {
    title: 'Wait until the table is restored',
    isDone: async (restore) => {
      const table = await describeTarget(restore);
      return table !== undefined && tables.isActive(table);
    },
    act: untilActive,
  },
  {
    // The restore began after the service had stopped, so every invocation that is still running began before.
    title: 'Wait until all invocations have ended that began before the service stopped',
    isDone: async (restore) => restore.clock.now() >= (await invocationsEndAt(restore)),
    act: async (restore) => {
      await restore.wait((await invocationsEndAt(restore)) - restore.clock.now());
    },
  },
  changing(
    'Limit the units of the table like those of the former table',
    async (restore, table) => tables.maximaLike(await formerOf(restore, table), table) === undefined,
    async (restore, table) => {
      const change = tables.maximaLike(await formerOf(restore, table), table);
      if (change) await tables.updateTable(restore.clients.dynamodb, restore.target, change);
    },
  ),
  changing(
    'Let DynamoDB delete expired items',
    ({ clients, target }) => tables.deletesExpired(clients.dynamodb, target),
    ({ clients, target }) => tables.deleteExpired(clients.dynamodb, target),
  ),
  changing(
    'Copy the tags of the former table',
    async (restore, table) => (await missingTags(restore, table)).size === 0,
    async (restore, table) => {
      await tables.tag(restore.clients.dynamodb, table, await missingTags(restore, table));
    },
  ),
  changing(
    'Protect the table against deletion, if the former table was protected',
    async (restore, table) => {
      const former = await formerOf(restore, table);
      return former?.DeletionProtectionEnabled !== true || table.DeletionProtectionEnabled === true;
    },
    ({ clients, target }) => tables.updateTable(clients.dynamodb, target, { DeletionProtectionEnabled: true }),
  ),
  {
    // The table has no backups and no stream yet, so neither contains what this step discards. If the process dies,
    // the next run discards what remains.
    title: 'Discard again what was discarded after the time of the backup',
    isDone: async (restore) => (await markedAt(restore, 'closing-records')) !== undefined,
    act: async (restore) => {
      const { print, at, deployment } = restore;
      requireSuspended(restore);
      const names = { table: restore.target, closingRecords: deployment.closingRecords };
      const { records, discarded, rps, cancelled } = await restore.reapply(names, at);
      print(`         closing records: ${records}, customers discarded again: ${discarded}`);
      print(`         RPs removed shortly before the backup, and discarded again: ${rps}`);
      print(`         pending unsubscriptions cancelled: ${cancelled} (tell these customers)`);
      const again = await restore.reapply(names, at);
      if (again.discarded + again.cancelled > 0) {
        throw new RestoreError('A second pass found something to discard. Does another process write to the table?');
      }
      await mark(restore, 'closing-records');
    },
  },
  changing(
    'Switch on the stream with new images',
    (_, { StreamSpecification, LatestStreamArn }) =>
      LatestStreamArn !== undefined &&
      StreamSpecification?.StreamViewType === tables.streaming.StreamSpecification.StreamViewType,
    ({ clients, target }) => tables.updateTable(clients.dynamodb, target, tables.streaming),
  ),
  changing(
    'Switch on backups for 35 days',
    ({ clients, target }) => tables.hasBackups(clients.dynamodb, target),
    ({ clients, target }) => tables.setBackups(clients.dynamodb, target, true),
  ),
];

const iso = (time: Date) => time.toISOString();

/** Throws `RestoreError` unless the service stands still and does not use the restored table. */
function requireSuspended(restore: Restore): void {
  if (!isSuspended(restore) || servesTarget(restore)) {
    throw new RestoreError(
      'The service runs, or uses the restored table already. Set "suspended: true" in config/stages.ts, deploy, and repeat the command.',
    );
  }
}

async function invocationsEndAt(restore: Restore): Promise<number> {
  const table = await describeTarget(restore);
  const longest = Math.max(...restore.deployment.functions.map(({ timeout }) => timeout));
  return (table?.CreationDateTime?.getTime() ?? Infinity) + longest + MARGIN;
}

async function missingTags(restore: Restore, table: TableDescription): Promise<Map<string, string>> {
  const { dynamodb } = restore.clients;
  const former = await formerOf(restore, table);
  const own = await tables.tagsOf(dynamodb, table);
  const wanted = former ? await tables.tagsOf(dynamodb, former) : new Map<string, string>();
  // The former table may be a restored one, whose marks belong to an earlier restore.
  return new Map([...wanted].filter(([key, value]) => !key.startsWith('restore:') && own.get(key) !== value));
}
