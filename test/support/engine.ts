import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll } from 'vitest';
import type { Table } from '../../functions/table/engine/client.ts';
import { startEngine } from '../../local/aws/engine.ts';
import { openLocalTable } from '../../local/open-table.ts';

const named = process.env['DYNAMODB_ENDPOINT'];
const own = named === undefined ? await startEngine() : undefined;
afterAll(() => own?.stop());

/**
 * The endpoint of the DynamoDB-compatible engine. Each test file has its own engine in memory, because an engine with
 * many tables is slow. If `DYNAMODB_ENDPOINT` is set, all test files use the engine at this endpoint.
 */
export const engine = named ?? own?.endpoint ?? '';

export interface TestTable {
  readonly table: Table;
  readonly streamArn: string;
  /** Returns every item of the table with a scan. No function of the service may scan the table. */
  readonly dump: () => Promise<Record<string, unknown>[]>;
}

/** Creates a new table from the same definition as the CDK and the local service. */
export async function openTestTable(): Promise<TestTable> {
  const { table, streamArn } = await openLocalTable(engine, `test-${randomUUID()}`);
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
