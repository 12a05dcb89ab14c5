import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceInUseException,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTableInput } from '../functions/table/definition.ts';
import { openTable, type Table } from '../functions/table/table.ts';

/** What clients of an engine on this machine need: neither region nor credentials mean anything there. */
export function localClientConfig(endpoint: string): DynamoDBClientConfig {
  return { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
}

/** Opens the table at an engine, having created it unless it is there, and the ARN of its stream. */
export async function openLocalTable(endpoint: string, name: string): Promise<{ table: Table; streamArn: string }> {
  const table = openTable(name, localClientConfig(endpoint));
  try {
    await table.client.send(new CreateTableCommand(createTableInput(name)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  for (let tries = 0; tries < 200; tries += 1) {
    const { Table: description } = await table.client.send(new DescribeTableCommand({ TableName: name }));
    const { TableStatus, LatestStreamArn } = description ?? {};
    if (TableStatus === 'ACTIVE' && LatestStreamArn !== undefined) return { table, streamArn: LatestStreamArn };
    await sleep(50);
  }
  throw new Error(`The table ${name} at ${endpoint} did not become active.`);
}
