import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  paginateListTables,
  RestoreTableToPointInTimeCommand,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type DynamoDBClient,
  type OnDemandThroughput,
  type PointInTimeRecoveryDescription,
  type TableDescription,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { allOf } from '../aws/all-of.ts';
import { unlessAbsent } from '../aws/unless-absent.ts';
import { tableDefinition } from '../../functions/table/definition.ts';

/** DynamoDB keeps backups for this number of days at most, and the service promises no longer time. */
const BACKUP_DAYS = 35;

/** How often to look whether a table is ready, or deleted, in milliseconds. */
export const POLL_INTERVAL = 10_000;

/** Returns the description of a table, or undefined if there is no such table. */
export async function describeTable(client: DynamoDBClient, table: string): Promise<TableDescription | undefined> {
  const asked = client.send(new DescribeTableCommand({ TableName: table }));
  return (await unlessAbsent('ResourceNotFoundException', asked))?.Table;
}

/** Returns the names of all tables of the account and region. */
export const tableNames = (client: DynamoDBClient): Promise<string[]> =>
  allOf(paginateListTables({ client }, {}), ({ TableNames }) => TableNames);

/** Returns the name of the table from which a table was restored, or undefined if it was not restored from a backup. */
export const sourceOf = ({ RestoreSummary }: TableDescription): string | undefined =>
  RestoreSummary?.SourceTableArn?.split(':table/')[1];

/** A table that served before another table, which was restored from it. */
export interface FormerTable {
  readonly name: string;
  /** The time at which the restore from this table began, in epoch milliseconds. */
  readonly restoredAt: number;
}

/**
 * Returns the table from which a table was restored, the one from which that one was restored, and so on, up to a table
 * that was not restored from a backup. Ends earlier at a table that has been deleted, because only a table itself names
 * the table from which it was restored.
 */
export async function formerTablesOf(client: DynamoDBClient, name: string): Promise<FormerTable[]> {
  const former: FormerTable[] = [];
  let table = await describeTable(client, name);
  while (table) {
    const source = sourceOf(table);
    const restoredAt = table.CreationDateTime?.getTime() ?? 0;
    if (source === undefined) break;
    table = await describeTable(client, source);
    if (table) former.push({ name: source, restoredAt });
  }
  return former;
}

async function describeBackups(client: DynamoDBClient, table: string): Promise<PointInTimeRecoveryDescription> {
  const asked = new DescribeContinuousBackupsCommand({ TableName: table });
  return (await client.send(asked)).ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
}

/** Returns the first and the last time to which a table can be restored, or undefined if it has no backups. */
export async function backupsOf(client: DynamoDBClient, table: string): Promise<{ from: Date; to: Date } | undefined> {
  const { EarliestRestorableDateTime: from, LatestRestorableDateTime: to } = await describeBackups(client, table);
  return from && to ? { from, to } : undefined;
}

/** Begins to restore a table to a time. DynamoDB restores the items and the index, and nothing else. */
export async function beginRestoring(client: DynamoDBClient, source: string, target: string, at: Date): Promise<void> {
  await client.send(
    new RestoreTableToPointInTimeCommand({ SourceTableName: source, TargetTableName: target, RestoreDateTime: at }),
  );
}

/** Returns whether a table is complete and waits for no change. */
export const isActive = ({ TableStatus, RestoreSummary, GlobalSecondaryIndexes = [] }: TableDescription): boolean =>
  TableStatus === 'ACTIVE' &&
  RestoreSummary?.RestoreInProgress !== true &&
  GlobalSecondaryIndexes.every(({ IndexStatus }) => IndexStatus === undefined || IndexStatus === 'ACTIVE');

/** Changes settings of a table. */
export async function updateTable(
  client: DynamoDBClient,
  table: string,
  change: Omit<UpdateTableCommandInput, 'TableName'>,
): Promise<void> {
  await client.send(new UpdateTableCommand({ TableName: table, ...change }));
}

/**
 * Returns the change that gives a table and its index the same maxima of units as another table; undefined if nothing
 * differs. Without a maximum, DynamoDB describes none, or the number -1.
 */
export function maximaLike(
  source: TableDescription | undefined,
  table: TableDescription,
): Omit<UpdateTableCommandInput, 'TableName'> | undefined {
  if (!source) return undefined;
  const [wanted, present] = [maximaOf(source), maximaOf(table)];
  const changesTable = !isEqual(wanted.table, present.table);
  const changesIndex = !isEqual(wanted.index, present.index);
  if (!changesTable && !changesIndex) return undefined;
  const Update = { IndexName: tableDefinition.finder.indexName, OnDemandThroughput: wanted.index };
  return {
    ...(changesTable && { OnDemandThroughput: wanted.table }),
    ...(changesIndex && { GlobalSecondaryIndexUpdates: [{ Update }] }),
  };
}

const maximaOf = ({ OnDemandThroughput, GlobalSecondaryIndexes = [] }: TableDescription) => ({
  table: unitsOf(OnDemandThroughput),
  index: unitsOf(
    GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === tableDefinition.finder.indexName)?.OnDemandThroughput,
  ),
});
const unitsOf = ({ MaxReadRequestUnits = -1, MaxWriteRequestUnits = -1 }: OnDemandThroughput = {}) => ({
  MaxReadRequestUnits,
  MaxWriteRequestUnits,
});
const isEqual = (one: Required<OnDemandThroughput>, other: Required<OnDemandThroughput>) =>
  one.MaxReadRequestUnits === other.MaxReadRequestUnits && one.MaxWriteRequestUnits === other.MaxWriteRequestUnits;

/** Returns whether DynamoDB deletes the expired items of a table. */
export async function deletesExpired(client: DynamoDBClient, table: string): Promise<boolean> {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
  const { AttributeName, TimeToLiveStatus = '' } = TimeToLiveDescription ?? {};
  return AttributeName === tableDefinition.timeToLive && ['ENABLING', 'ENABLED'].includes(TimeToLiveStatus);
}

/** Lets DynamoDB delete the expired items of a table. */
export async function deleteExpired(client: DynamoDBClient, table: string): Promise<void> {
  const TimeToLiveSpecification = { AttributeName: tableDefinition.timeToLive, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification }));
}

/** The setting that switches on the stream of a table, as `functions/table/definition.ts` defines it. */
export const streaming = {
  StreamSpecification: { StreamEnabled: true, StreamViewType: tableDefinition.streamView },
} as const;

/** Returns whether a table has backups of the last 35 days. */
export async function hasBackups(client: DynamoDBClient, table: string): Promise<boolean> {
  const { PointInTimeRecoveryStatus, RecoveryPeriodInDays } = await describeBackups(client, table);
  return PointInTimeRecoveryStatus === 'ENABLED' && RecoveryPeriodInDays === BACKUP_DAYS;
}

/** Switches the backups of a table on, for 35 days, or off. DynamoDB deletes the backups when they are switched off. */
export async function setBackups(client: DynamoDBClient, table: string, isOn: boolean): Promise<void> {
  await client.send(
    new UpdateContinuousBackupsCommand({
      TableName: table,
      PointInTimeRecoverySpecification: isOn
        ? { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: BACKUP_DAYS }
        : { PointInTimeRecoveryEnabled: false },
    }),
  );
}

/** Deletes a table. */
export async function deleteTable(client: DynamoDBClient, table: string): Promise<void> {
  await client.send(new DeleteTableCommand({ TableName: table }));
}

/** Returns the tags of a table, without those that AWS sets. */
export async function tagsOf(client: DynamoDBClient, { TableArn }: TableDescription): Promise<Map<string, string>> {
  const tags = new Map<string, string>();
  let next: string | undefined;
  do {
    const { Tags = [], NextToken } = await client.send(
      new ListTagsOfResourceCommand({ ResourceArn: TableArn, NextToken: next }),
    );
    for (const { Key = '', Value = '' } of Tags) if (!Key.startsWith('aws:')) tags.set(Key, Value);
    next = NextToken;
  } while (next !== undefined);
  return tags;
}

/** Sets tags of a table. */
export async function tag(
  client: DynamoDBClient,
  { TableArn }: TableDescription,
  tags: ReadonlyMap<string, string>,
): Promise<void> {
  const Tags = [...tags].map(([Key, Value]) => ({ Key, Value }));
  await client.send(new TagResourceCommand({ ResourceArn: TableArn, Tags }));
}
