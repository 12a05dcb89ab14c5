import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import type { Table } from '../../functions/table/table.ts';
import { openLocalTable } from '../../local/open-table.ts';

export interface TestTable {
  readonly table: Table;
  readonly streamArn: string;
  /** Reads every item of the table, as no function may. */
  readonly dump: () => Promise<Record<string, unknown>[]>;
}

/** Creates a table of its own on the run's engine, as the CDK and the local service create theirs. */
export async function openTestTable(): Promise<TestTable> {
  const { table, streamArn } = await openLocalTable(inject('engine'), `test-${randomUUID()}`);
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
