import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { localClientConfig } from '../../../local/open-table.ts';
import type { Assembly, Deployed } from './assembly.ts';
import type { CloudTable } from './aws/dynamodb.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
/** Every property that a table of the templates has. A table with another one cannot be read. */
const properties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z
    .array(z.looseObject({ IndexName: z.string(), KeySchema: keySchema, Projection: z.looseObject({}) }))
    .default([]),
  KeySchema: keySchema,
  Replicas: z.array(z.looseObject({ Region: z.string() })).length(1),
  StreamSpecification: z.strictObject({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.literal(true) }).optional(),
  WriteOnDemandThroughputSettings: z.unknown().optional(),
});

export interface CreatedTable extends CloudTable {
  readonly logicalId: string;
  /** The ARN of the stream in the engine. @default - the table has no stream */
  readonly streamInEngine: string | undefined;
}

/** Creates the tables of an assembly in the engine at `endpoint`, each with a new name. */
export async function createTables(assembly: Assembly, endpoint: string): Promise<CreatedTable[]> {
  const client = new DynamoDBClient(localClientConfig(endpoint));
  const prefix = `test-${randomUUID()}`;
  const tables = assembly.ofType('AWS::DynamoDB::GlobalTable').map((table) => createTable(client, prefix, table));
  const created = await Promise.all(tables);
  client.destroy();
  return created;
}

async function createTable(client: DynamoDBClient, prefix: string, deployed: Deployed): Promise<CreatedTable> {
  const { ref, logicalId, attributes, properties: given } = deployed;
  const read = properties.safeParse(given);
  if (read.error) throw new Error(`Cannot read the table ${logicalId}.\n${z.prettifyError(read.error)}`);
  const { AttributeDefinitions, BillingMode, KeySchema, GlobalSecondaryIndexes: indexes } = read.data;
  const { StreamSpecification: stream, TimeToLiveSpecification } = read.data;
  const nameInEngine = `${prefix}-${logicalId}`;
  await client.send(
    new CreateTableCommand({
      TableName: nameInEngine,
      AttributeDefinitions,
      BillingMode,
      KeySchema,
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map(({ IndexName, KeySchema: keys, Projection }) => ({
          IndexName,
          KeySchema: keys,
          Projection,
        })),
      }),
      ...(stream && { StreamSpecification: { StreamEnabled: true, ...stream } }),
    } as CreateTableCommandInput),
  );
  const description = await untilActive(client, nameInEngine);
  if (TimeToLiveSpecification) {
    await client.send(new UpdateTimeToLiveCommand({ TableName: nameInEngine, TimeToLiveSpecification }));
  }
  return {
    name: ref,
    logicalId,
    arn: String(attributes['Arn']),
    nameInEngine,
    partitionKey: hashKeyOf(KeySchema),
    indexes: Object.fromEntries(indexes.map(({ IndexName, KeySchema: keys }) => [IndexName, hashKeyOf(keys)])),
    streamInEngine: description.LatestStreamArn,
  };
}

async function untilActive(client: DynamoDBClient, TableName: string) {
  for (let tries = 0; tries < 500; tries += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return Table;
    await sleep(20);
  }
  throw new Error(`The table ${TableName} did not become active.`);
}

const hashKeyOf = (keys: z.output<typeof keySchema>) =>
  keys.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
