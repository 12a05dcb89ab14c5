import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../functions/table/engine/client.ts';
import { startEngine, type Engine } from '../../local/aws/engine.ts';
import { openLocalTable } from '../../local/open-table.ts';

let started: Promise<Engine> | undefined;

/**
 * Returns the endpoint of a DynamoDB-compatible engine. The first call in a test file starts an embedded engine, which
 * keeps its data in memory until `stopEngine` stops it. If `DYNAMODB_ENDPOINT` is set, all test files use the engine at
 * that endpoint instead.
 */
export async function engineEndpoint(): Promise<string> {
  const named = process.env['DYNAMODB_ENDPOINT'];
  if (named !== undefined) return named;
  started ??= startEngine();
  return (await started).endpoint;
}

/**
 * Stops the embedded DynamoDB engine that the test file started, if any. Each test file has its own engine, because an
 * engine that keeps many stream records writes slowly.
 */
export async function stopEngine(): Promise<void> {
  const engine = started;
  started = undefined;
  await (await engine)?.stop();
}

export interface TestTable {
  readonly table: Table;
  readonly streamArn: string;
  /** Scans the table and returns every item. Unlike a test, a Lambda function must not scan the table. */
  readonly dump: () => Promise<Record<string, unknown>[]>;
}

/** Creates a new table from the table definition that the CDK and the local service use as well. */
export async function openTestTable(): Promise<TestTable> {
  const { table, streamArn } = await openLocalTable(await engineEndpoint(), `test-${randomUUID()}`);
  return { table, streamArn, dump: () => scan(table) };
}

async function scan(table: Table): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await table.client.send(
      new ScanCommand({ TableName: table.name, ConsistentRead: true, ExclusiveStartKey: from }),
    );
    items.push(...(Items ?? []));
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}
