import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { RestoreClients } from './clients.ts';
import type { Deployment } from './deployment.ts';
import type { ReapplyResult } from './reapply-to-table.ts';
import { RestoreError } from './restore-error.ts';
import { describeTable, isActive, tag, tagsOf } from './restored-table.ts';

/** The options of the command. */
export interface RestoreRequest {
  readonly stage: string;
  /** The time whose data is restored. */
  readonly at: Date;
  /** Whether to print the steps only. @default false */
  readonly isDryRun?: boolean | undefined;
  /** The former table, if the operator allows to delete it. @default - the former table stays */
  readonly deleteFormerTable?: string | undefined;
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
}

/** A restore while its steps run. */
export interface Restore extends RestoreRequest, RestoreSurroundings {
  readonly serviceName: string;
  /** The name of the restored table. It contains the time, so a repeated run finds the table of the earlier run. */
  readonly target: string;
  readonly deployment: Deployment;
}

/** The prefix of the tags with which the restored table remembers steps that leave no other trace. */
const MARK = 'restore:';
/** How often to look whether a table is ready, in milliseconds. */
const LOOKS_AGAIN = 30_000;

/** Returns the name of the table into which a backup of a time is restored. */
export const targetOf = (serviceName: string, at: Date): string =>
  `${serviceName}-restored-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}z`;

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
  while (!isActive(await requireTarget(restore))) await restore.wait(LOOKS_AGAIN);
}

/** Returns the name of the table that was restored. Throws `RestoreError` if the restored table does not name it. */
export function formerTableOf({ RestoreSummary, TableName = '' }: TableDescription): string {
  const source = RestoreSummary?.SourceTableArn?.split(':table/')[1];
  if (source === undefined) throw new RestoreError(`The table ${TableName} was not restored from a backup.`);
  return source;
}

/** Returns the time at which a step was marked, in epoch milliseconds; undefined if it is not marked. */
export async function markedAt(restore: Restore, step: string): Promise<number | undefined> {
  const table = await describeTarget(restore);
  const time = table && (await tagsOf(restore.clients.dynamodb, table)).get(`${MARK}${step}`);
  return time === undefined ? undefined : Date.parse(time);
}

/** Marks a step as done, with a tag of the restored table. */
export async function mark(restore: Restore, step: string): Promise<void> {
  const time = new Date(restore.clock.now()).toISOString();
  await tag(restore.clients.dynamodb, await requireTarget(restore), new Map([[`${MARK}${step}`, time]]));
}
