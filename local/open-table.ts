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
 * The signature of every call to a DynamoDB engine on this machine. An engine wants these headers and may read the
 * access key and the region in them, but it verifies neither the signature nor the date.
 */
export const SIGNATURE = {
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
};

/**
 * Returns the configuration for clients of a DynamoDB engine on this machine. The engine ignores the region and the
 * credentials. The calls have a constant signature, because computing one takes a tenth of the time of a call. The
 * time-out of a call is 10 seconds, because even a working engine may be slow on a busy machine.
 */
export function localClientConfig(
  endpoint: NonNullable<DynamoDBClientConfig['endpoint']>,
): DynamoDBClientConfig & Pick<Table, 'random'> {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    signer: {
      sign: (request) => {
        Object.assign(request.headers, SIGNATURE);
        return Promise.resolve(request);
      },
    },
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    random: Math.random,
  };
}

/**
 * Opens the table of closing records that belongs to the main table `tableName`. A closing record is the record that
 * the service keeps about a customer that unsubscribed. Creates the table of closing records if it does not exist.
 */
export async function openLocalClosingRecords(endpoint: string, tableName: string): Promise<Table> {
  const closingRecords = openTable(`${tableName}-closing-records`, localClientConfig(endpoint));
  await create(closingRecords, createClosingRecordsTableInput(closingRecords.name));
  return closingRecords;
}

/**
 * Opens a table in the DynamoDB engine at `endpoint`, and creates the table if the table does not exist. Returns the
 * table and the ARN of the table's stream.
 */
export async function openLocalTable(endpoint: string, name: string): Promise<{ table: Table; streamArn: string }> {
  const table = openTable(name, localClientConfig(endpoint));
  const { LatestStreamArn: streamArn } = await create(table, createTableInput(name));
  if (streamArn === undefined) throw new Error(`The table ${name} at ${endpoint} has no stream.`);
  return { table, streamArn };
}

/**
 * Creates a table if it does not exist. Returns the table's description once the table is active. Throws if the table
 * is not active after about 10 seconds.
 */
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
