import * as dynamodb from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan, PutCommand } from '@aws-sdk/lib-dynamodb';
import { createTableInput } from '../../functions/table/definition.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { arnOf, streamArnOf } from './fake-arns.ts';
import { textOf, type Calls, type Input } from './fake-calls.ts';

const MINUTE = 60_000;
/** How long DynamoDB takes to restore a table, and to change a setting of a table, in milliseconds. */
const RESTORING = 40 * MINUTE;
const UPDATING = 20_000;

/**
 * Creates a fake of DynamoDB. The tables are tables of a real engine. The engine has no backups, so the fake copies the
 * items of a table when a test says so, and restores the copy. `clock` shows the fake's time.
 */
export function createFakeTables(clock: { now: () => number }, endpoint: string) {
  const real = new dynamodb.DynamoDBClient(localClientConfig(endpoint));
  const documents = DynamoDBDocumentClient.from(new dynamodb.DynamoDBClient(localClientConfig(endpoint)));
  const copies: { table: string; at: number; items: Record<string, unknown>[] }[] = [];
  const restores = new Map<string, { source: string; at: Date; created: number }>();
  const busyUntil = new Map<string, number>();
  const backedUp = new Map<string, number>();
  const tags = new Map<string, Map<string, string>>();
  /** The tags that a table had before its last change, and until when DynamoDB lists them. */
  const formerTags = new Map<string, { until: number; tags: Map<string, string> }>();
  let tagDelay = 0;

  const tableOf = (name: string): Promise<dynamodb.TableDescription> =>
    real.send(new dynamodb.DescribeTableCommand({ TableName: name })).then(({ Table = {} }) => Table);

  /** Returns the description of a table as DynamoDB returns it in AWS. */
  async function describe(name: string): Promise<dynamodb.TableDescription> {
    const table = await tableOf(name);
    const restore = restores.get(name);
    const isRestoring = restore !== undefined && clock.now() < restore.created + RESTORING;
    const isUpdating = clock.now() < (busyUntil.get(name) ?? 0);
    return {
      ...table,
      TableArn: arnOf(name),
      TableStatus: isRestoring ? 'CREATING' : isUpdating ? 'UPDATING' : 'ACTIVE',
      ...(table.LatestStreamArn !== undefined && { LatestStreamArn: streamArnOf(name) }),
      ...(restore && {
        CreationDateTime: new Date(restore.created),
        RestoreSummary: {
          SourceTableArn: arnOf(restore.source),
          RestoreDateTime: restore.at,
          RestoreInProgress: isRestoring,
        },
      }),
    };
  }

  async function restoreTable(source: string, target: string, at: Date) {
    if (!backedUp.has(source)) throw new dynamodb.TableNotFoundException({ message: source, $metadata: {} });
    const copy = copies.filter((one) => one.table === source && one.at <= at.getTime()).at(-1);
    if (!copy) throw new Error(`There is no copy of ${source} at ${at.toISOString()}`);
    const { StreamSpecification, ...input } = createTableInput(target);
    await real.send(new dynamodb.CreateTableCommand(input));
    for (const Item of copy.items) await documents.send(new PutCommand({ TableName: target, Item }));
    restores.set(target, { source, at, created: clock.now() });
  }

  const backups = (name: string) => {
    const since = backedUp.get(name);
    return {
      ContinuousBackupsDescription: {
        PointInTimeRecoveryDescription:
          since === undefined
            ? { PointInTimeRecoveryStatus: 'DISABLED' }
            : {
                PointInTimeRecoveryStatus: 'ENABLED',
                RecoveryPeriodInDays: 35,
                EarliestRestorableDateTime: new Date(since),
                LatestRestorableDateTime: new Date(clock.now() - 5 * MINUTE),
              },
      },
    };
  };

  /** Lets the engine perform a call. DynamoDB refuses to change a table while it creates or updates the table. */
  const byEngine = (commandName: string, { changes = false } = {}) => ({
    [commandName]: async (input: Input) => {
      const name = textOf(input, 'TableName');
      if (changes && commandName.endsWith('TableCommand')) await refuseIfBusy(name);
      const commands = dynamodb as unknown as Record<string, new (given: Input) => never>;
      const Command = commands[commandName];
      if (!Command) throw new Error(`DynamoDB does not know ${commandName}`);
      const output: unknown = await real.send(new Command(input));
      if (commandName === 'UpdateTableCommand') busyUntil.set(name, clock.now() + UPDATING);
      return output;
    },
  });

  async function refuseIfBusy(name: string): Promise<void> {
    const { TableStatus = '' } = await describe(name);
    if (TableStatus !== 'ACTIVE') {
      throw new dynamodb.ResourceInUseException({ message: `${name} is ${TableStatus}`, $metadata: {} });
    }
  }

  /** Returns the tags that DynamoDB lists. */
  function listedTags(name: string): Map<string, string> {
    const former = formerTags.get(name);
    return former && clock.now() < former.until ? former.tags : (tags.get(name) ?? new Map<string, string>());
  }

  const protect = (table: string, isProtected = true) =>
    real.send(new dynamodb.UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: isProtected }));

  const nameIn = (input: Input) => textOf(input, 'ResourceArn').slice(arnOf('').length);
  const reads: Calls = {
    DescribeTableCommand: async (input) => ({ Table: await describe(textOf(input, 'TableName')) }),
    DescribeContinuousBackupsCommand: (input) => backups(textOf(input, 'TableName')),
    ListTagsOfResourceCommand: (input) => ({
      Tags: [...listedTags(nameIn(input))].map(([Key, Value]) => ({ Key, Value })),
    }),
    ...byEngine('ListTablesCommand'),
    ...byEngine('DescribeTimeToLiveCommand'),
  };
  const changes: Calls = {
    RestoreTableToPointInTimeCommand: (input) =>
      restoreTable(
        textOf(input, 'SourceTableName'),
        textOf(input, 'TargetTableName'),
        input['RestoreDateTime'] as Date,
      ),
    UpdateContinuousBackupsCommand: (input) => {
      const { PointInTimeRecoveryEnabled } = input['PointInTimeRecoverySpecification'] as Record<string, boolean>;
      const name = textOf(input, 'TableName');
      if (PointInTimeRecoveryEnabled) backedUp.set(name, clock.now());
      else backedUp.delete(name);
      return {};
    },
    TagResourceCommand: (input) => {
      const name = nameIn(input);
      const of = tags.get(name) ?? new Map<string, string>();
      formerTags.set(name, { until: clock.now() + tagDelay, tags: new Map(listedTags(name)) });
      for (const { Key, Value } of input['Tags'] as { Key: string; Value: string }[]) of.set(Key, Value);
      tags.set(name, of);
      return {};
    },
    ...byEngine('UpdateTimeToLiveCommand', { changes: true }),
    ...byEngine('UpdateTableCommand', { changes: true }),
    ...byEngine('DeleteTableCommand', { changes: true }),
  };

  return {
    reads,
    changes,
    tags,
    /** Lets DynamoDB list a changed tag only after a number of milliseconds. */
    delayTags: (milliseconds: number) => {
      tagDelay = milliseconds;
    },
    describe,
    /** Creates an empty table in the engine. */
    create: (table: string) => real.send(new dynamodb.CreateTableCommand(createTableInput(table))),
    /** Deletes a table. */
    delete: async (table: string) => {
      await protect(table, false);
      await real.send(new dynamodb.DeleteTableCommand({ TableName: table }));
    },
    /** Begins the backups of a table that the service has created in the engine. */
    startBackups: (table: string) => backedUp.set(table, clock.now()),
    /** Protects a table against deletion, as its template says. */
    protect,
    hasBackups: (table: string) => backedUp.has(table),
    /** Copies the items of a table. The copy is its backup of the present time. */
    backUp: async (table: string) => {
      const items: Record<string, unknown>[] = [];
      for await (const { Items = [] } of paginateScan({ client: documents }, { TableName: table }))
        items.push(...Items);
      copies.push({ table, at: clock.now(), items });
    },
    exists: (table: string) =>
      tableOf(table).then(
        () => true,
        () => false,
      ),
    stop() {
      real.destroy();
      documents.destroy();
    },
  };
}
