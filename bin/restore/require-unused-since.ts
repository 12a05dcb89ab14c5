import type { DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import { isRestoredTable } from '../../config/restored-table.ts';
import { suspendable } from './deployment.ts';
import { digestOf } from './digest-of.ts';
import { howToDelete, howToGiveUp } from './how-to-delete.ts';
import { markedAt, markOf, REAPPLIED, STARTED } from './marks.ts';
import { RestoreError } from './restore-error.ts';
import { describeTarget, type Restore } from './restore.ts';
import { deployAndRepeat, isSuspended, usesTarget } from './stage-state.ts';
import { describeTable, formerTablesOf, sourceOf, tableNames } from './tables.ts';

/**
 * Throws `RestoreError` if a restored table has served and does not serve any more, although it was not restored again:
 * this table alone contains the changes of the time in which it served. The message says how to let it serve again.
 *
 * Then throws `RestoreError` if the service has used another table since the restore began, as far as AWS shows it: the
 * service runs on another table now, or it has discarded customers. The restored table then contains these customers.
 * The message says how to begin again. If the service ran on another table, discarded nobody, and does not run there
 * any more, the restore can go on: "Replace the stage's secret twice" replaces the secret after the last deployment
 * that changed a function of the suspended service.
 */
export async function requireUnusedSince(restore: Restore): Promise<void> {
  const { deployment, target, clients, readClosingRecords } = restore;
  const used = [...new Set(deployment.functions.map(({ table }) => table))];
  const former = await formerTablesOfAll(restore, used);
  const usedSince = Math.max(...(await Promise.all(used.map((name) => restoredAt(clients.dynamodb, name)))));
  for (const name of await restoredTables(restore)) {
    if (former.includes(name) || used.every((table) => table === name)) continue;
    const startedAt = (await markedAt({ ...restore, target: name }, STARTED)) ?? -Infinity;
    const table = await describeTable(clients.dynamodb, name);
    // A table that was restored later contains the changes, even if a table between the two has been deleted.
    if (table && startedAt > usedSince) throw serveAgain(restore, table, startedAt, used);
  }
  const table = await describeTarget(restore);
  if (!table) return;
  if (former.includes(target) && !usesTarget(restore)) {
    throw new RestoreError(
      `The service uses the table ${used.join(', ')}, which was restored from ${target}. Repeat the command with the time in the name of that table.`,
    );
  }
  const elsewhere = suspendable(deployment).find((running) => running.table !== target && !running.isStopped);
  if (elsewhere) throw beginAgain(table, `The service runs and uses the table ${elsewhere.table}.`);
  // A service that runs on the restored table may discard customers there.
  if (usesTarget(restore) && !isSuspended(restore)) return;
  if ((await markedAt(restore, STARTED)) !== undefined) return;
  const reapplied = await markOf(restore, REAPPLIED);
  if (reapplied !== undefined && reapplied !== digestOf(await readClosingRecords(deployment.closingRecords))) {
    throw beginAgain(table, 'The service was not suspended all the time: it has discarded customers.');
  }
}

/**
 * Throws `RestoreError` if there is a restored table, other than `target`, that the service does not use. The message
 * says how to go on with the other restore, or how to delete its table.
 */
export async function requireNoOther(restore: Restore, source: string): Promise<void> {
  const { clients, target } = restore;
  const [other] = (await restoredTables(restore)).filter((name) => name !== source && name !== target);
  const table = other === undefined ? undefined : await describeTable(clients.dynamodb, other);
  if (other === undefined || !table) return;
  const former = await formerTablesOfAll(restore, [source]);
  throw new RestoreError(
    former.includes(other)
      ? [`The table ${other} served before ${source}. Delete it before you restore again:`, ...howToDelete(other)].join(
          '\n',
        )
      : [
          `There is a table ${other} of another restore, which the service does not use.`,
          'To go on with that restore, repeat the command with the time in the name of the table. To begin a new one:',
          ...howToGiveUp(table),
        ].join('\n'),
  );
}

/** Returns the names of all tables that were restored for the stage. */
const restoredTables = async ({ clients, serviceName }: Restore) =>
  (await tableNames(clients.dynamodb)).filter((name) => isRestoredTable(serviceName, name));

/**
 * Returns when the restore to a table began, in epoch milliseconds; -Infinity, if it was not restored from a backup.
 */
async function restoredAt(client: DynamoDBClient, name: string): Promise<number> {
  const table = await describeTable(client, name);
  const isRestored = table !== undefined && sourceOf(table) !== undefined;
  return (isRestored ? table.CreationDateTime?.getTime() : undefined) ?? -Infinity;
}

async function formerTablesOfAll({ clients }: Restore, names: readonly string[]): Promise<string[]> {
  const former = await Promise.all(names.map((name) => formerTablesOf(clients.dynamodb, name)));
  return former.flat().map(({ name }) => name);
}

function serveAgain(restore: Restore, table: TableDescription, startedAt: number, used: readonly string[]) {
  const { TableName = '', LatestStreamArn = '' } = table;
  const others = used.filter((name) => name !== TableName).join(', ');
  return new RestoreError(
    [
      `The table ${TableName} has been in use since ${new Date(startedAt).toISOString()}, and now the service uses ${others}.`,
      `Only ${TableName} contains the changes since then, so do not delete it. Changes in ${others} will be lost.`,
      `In config/stages.ts, set this in the stage ${restore.stage}:`,
      `  restoredTable: '${LatestStreamArn}',`,
      deployAndRepeat(restore),
    ].join('\n'),
  );
}

const beginAgain = (table: TableDescription, why: string) =>
  new RestoreError(
    [
      why,
      `The table ${table.TableName ?? ''} may contain customers that were discarded meanwhile. Begin again:`,
      ...howToGiveUp(table),
    ].join('\n'),
  );
