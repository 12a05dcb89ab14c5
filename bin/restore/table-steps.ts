import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { servingTable } from './deployment.ts';
import { isMark, mark, markOf, REAPPLIED } from './marks.ts';
import { requireNoOther } from './require-unused-since.ts';
import { RestoreError } from './restore-error.ts';
import { describeTarget, formerTableOf, requireTarget, untilActive, type Restore } from './restore.ts';
import * as state from './stage-state.ts';
import type { Step } from './step.ts';
import * as tables from './tables.ts';

/** How much longer than its time-out an invocation may last, in milliseconds. */
const MARGIN = 60_000;

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

/** The steps that stop the service, restore the table and prepare the restored table for the service. */
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
    isDone: (restore) => state.isSuspended(restore) || state.usesTarget(restore),
    ask: (restore) => [
      `In config/stages.ts, add this to the stage ${restore.stage}:`,
      '  suspended: true,',
      state.deployAndRepeat(restore),
    ],
  },
  {
    title: 'Begin to restore the table',
    isDone: async (restore) => (await describeTarget(restore)) !== undefined,
    // If the process dies afterwards, the next run finds the table by its name, because the name contains the time.
    act: async (restore) => {
      const { clients, deployment, target, at } = restore;
      await state.requireSuspended(restore);
      const source = servingTable(deployment);
      await requireNoOther(restore, source);
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
    title: 'Wait for the invocations that began before the service stopped',
    isDone: async (restore) => restore.clock.now() >= (await invocationsEndAt(restore)),
    act: async (restore) => {
      await restore.wait((await invocationsEndAt(restore)) - restore.clock.now());
    },
  },
  changing(
    'Copy the maximum units of the former table',
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
    title: 'Discard again the data that was discarded after the time of the backup',
    isDone: async (restore) => (await markOf(restore, REAPPLIED)) !== undefined,
    act: async (restore) => {
      const { print, at, deployment } = restore;
      await state.requireSuspended(restore);
      const names = { table: restore.target, closingRecords: deployment.closingRecords };
      const { records, discarded, rps, cancelled } = await restore.reapply(names, at);
      print(`         closing records: ${records}, customers discarded again: ${discarded}`);
      print(`         RPs removed shortly before the backup, and discarded again: ${rps}`);
      print(
        `         pending unsubscriptions cancelled: ${cancelled} (tell these customers that they must unsubscribe again)`,
      );
      const again = await restore.reapply(names, at);
      if (again.discarded + again.cancelled > 0) {
        throw new RestoreError('A second pass found something to discard. Does another process write to the table?');
      }
      // The digest is that of the records that the second pass has read, and the service must not run before it is
      // stored. A customer that the service discards after the second pass therefore changes the digest.
      await state.requireSuspended(restore);
      await mark(restore, REAPPLIED, again.digest);
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
  return new Map([...wanted].filter(([key, value]) => !isMark(key) && own.get(key) !== value));
}
