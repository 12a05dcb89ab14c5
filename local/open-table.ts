import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  type CreateTableCommandInput,
  type DynamoDBClientConfig,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClosingRecordsTableInput, createTableInput } from '../functions/table/definition.ts';
import { openTable, type Table } from '../functions/table/engine/client.ts';

/**
 * What clients of an engine on this machine need: neither region nor credentials mean anything there. A call may take 10
 * seconds: an engine on a machine that does other work is slow, not broken.
 */
export function localClientConfig(endpoint: string): DynamoDBClientConfig & Pick<Table, 'random'> {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    random: Math.random,
  };
}

/** Opens the table of closing records that goes with a table, having created it unless it is there. */
export async function openLocalClosingRecords(endpoint: string, tableName: string): Promise<Table> {
  const closingRecords = openTable(`${tableName}-closing-records`, localClientConfig(endpoint));
  await create(closingRecords, createClosingRecordsTableInput(closingRecords.name));
  return closingRecords;
}

/** Opens the table at an engine, having created it unless it is there, and the ARN of its stream. */
export async function openLocalTable(endpoint: string, name: string): Promise<{ table: Table; streamArn: string }> {
  const table = openTable(name, localClientConfig(endpoint));
  const { LatestStreamArn: streamArn } = await create(table, createTableInput(name));
  if (streamArn === undefined) throw new Error(`The table ${name} at ${endpoint} has no stream.`);
  return { table, streamArn };
}

/** Creates a table unless it is there, and gives its description once it is active. */
async function create({ name, client }: Table, input: CreateTableCommandInput): Promise<TableDescription> {
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  for (let tries = 0; tries < 200; tries += 1) {
    const { Table: description } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (description?.TableStatus === 'ACTIVE') return description;
    await sleep(50);
  }
  throw new Error(`The table ${name} did not become active.`);
}
