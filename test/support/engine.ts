import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../functions/table/engine/client.ts';
import { startEngine, type Engine } from '../../local/aws/engine.ts';
import { openLocalTable } from '../../local/open-table.ts';

/**
 * How many test files of a worker use an engine before the next file starts a new one. Starting and stopping an engine
 * takes 0.13 seconds of CPU time. But an engine that keeps many stream records writes slowly.
 */
const FILES_OF_AN_ENGINE = 4;

let started: Promise<Engine> | undefined;
/** How many test files have used the running engine and have ended. */
let files = 0;

/**
 * Returns the endpoint of a DynamoDB-compatible engine. The first call starts an embedded engine, which keeps its data
 * in memory until `stopEngine` stops it or the process ends. If `DYNAMODB_ENDPOINT` is set, all test files use the
 * engine at that endpoint instead.
 */
export async function engineEndpoint(): Promise<string> {
  const named = process.env['DYNAMODB_ENDPOINT'];
  if (named !== undefined) return named;
  started ??= startEngine();
  return (await started).endpoint;
}

/** Stops the embedded DynamoDB engine of the test files, if one runs. */
export async function stopEngine(): Promise<void> {
  const engine = started;
  started = undefined;
  files = 0;
  await (await engine)?.stop();
}

/** Counts the test files that use the running engine, and stops the engine after the last file that may use it. */
export async function endFile(): Promise<void> {
  if (started === undefined) return;
  files += 1;
  if (files === FILES_OF_AN_ENGINE) await stopEngine();
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
