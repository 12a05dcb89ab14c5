import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { ClosingRecord } from '../../functions/table/closing-records.ts';
import type { RestoreClients } from './clients.ts';
import type { Deployment } from './deployment.ts';
import type { ReapplyResult } from './reapply-to-table.ts';
import { RestoreError } from './restore-error.ts';
import { describeTable, isActive, POLL_INTERVAL, sourceOf } from './tables.ts';

/** The options of the command. */
export interface RestoreRequest {
  readonly stage: string;
  /** The time whose data is restored. */
  readonly at: Date;
  /** Whether to print the steps only. @default false */
  readonly isDryRun?: boolean | undefined;
  /** The former tables that the operator allows to delete. @default - the former tables stay */
  readonly deleteFormerTable?: readonly string[] | undefined;
}

/** The surroundings of a restore, which a test replaces. */
export interface RestoreSurroundings {
  readonly clients: RestoreClients;
  readonly clock: { now(): number };
  /** Resolves after a number of milliseconds. */
  readonly wait: (milliseconds: number) => Promise<unknown>;
  readonly print: (line: string) => void;
  /** Calls `reapplyToTable` for the tables with these names. `at` is the time of the backup. */
  readonly reapply: (names: { table: string; closingRecords: string }, at: Date) => Promise<ReapplyResult>;
  /** Reads all closing records of the table with this name. */
  readonly readClosingRecords: (closingRecords: string) => Promise<readonly ClosingRecord[]>;
}

/** A restore while its steps run. */
export interface Restore extends RestoreRequest, RestoreSurroundings {
  readonly serviceName: string;
  /** The name of the restored table. It contains the time, so a repeated run finds the table of the earlier run. */
  readonly target: string;
  /** The state of the stacks after the last step that changed something. */
  readonly deployment: Deployment;
}

/** Returns the restored table, or undefined before the restore. */
export const describeTarget = ({ clients, target }: Restore) => describeTable(clients.dynamodb, target);

/** Returns the restored table. Throws `RestoreError` if it does not exist. */
export async function requireTarget(restore: Restore): Promise<TableDescription> {
  const table = await describeTarget(restore);
  if (!table) throw new RestoreError(`There is no table ${restore.target}.`);
  return table;
}

/** Waits until DynamoDB has restored the table, or has changed its settings. Restoring can take hours. */
export async function untilActive(restore: Restore): Promise<void> {
  while (!isActive(await requireTarget(restore))) await restore.wait(POLL_INTERVAL);
}

/**
 * Returns the name of the table from which a table was restored. Throws `RestoreError` if the table was not restored
 * from a backup.
 */
export function formerTableOf(table: TableDescription): string {
  const source = sourceOf(table);
  if (source === undefined)
    throw new RestoreError(`The table ${table.TableName ?? ''} was not restored from a backup.`);
  return source;
}
