import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readItem, readItems } from '../functions/table/engine/reads.ts';
import { isConditionFailed } from '../functions/table/engine/client.ts';
import { absent, exists } from '../functions/table/engine/conditions.ts';
import { transact, type Write } from '../functions/table/engine/transaction.ts';
import { createTable } from './setting/population.ts';
import type { Report } from './report.ts';
import type { Units } from './units.ts';

/**
 * A rule on which the benchmark relies: the capacity units that AWS documents for a call, and the capacity units that
 * the embedded DynamoDB engine reports for the call.
 */
export interface Rule {
  readonly rule: string;
  readonly aws: string;
  readonly engine: string;
}

const key = (name: string) => ({ pk: name, sk: name });
/** The key of an item in the finder, the table's GSI. */
const finder = { finderPk: 'finder', finderSk: 'finder' };
const KILOBYTE = 'x'.repeat(1_000);

/** Reports whether the embedded DynamoDB engine counts capacity units as AWS documents them. */
export async function benchEngineRules(endpoint: string): Promise<Report> {
  const rules = await checkEngineRules(endpoint);
  const differ = rules.filter(({ aws, engine }) => aws !== engine);
  return {
    title: 'Rules that the units rely on',
    tables: [Object.fromEntries(rules.map(({ rule, aws, engine }) => [rule, { AWS: aws, 'this engine': engine }]))],
    notes: [
      differ.length === 0
        ? 'The engine follows all of these rules.'
        : `The engine does not follow ${differ.length} of these rules, so the figures differ from AWS.`,
      'The figures contain no retries, because the engine never throttles a request, and its transactions never conflict.',
    ],
  };
}

/**
 * Checks whether the embedded DynamoDB engine reports the capacity units that AWS documents in the Developer Guide:
 * "DynamoDB read and write operations" and "Working with items", and for transactions "Amazon DynamoDB Transactions:
 * capacity management". Returns each rule with the documented and the reported units.
 */
export async function checkEngineRules(endpoint: string): Promise<Rule[]> {
  const bench = await createTable(endpoint);
  const { table, meter } = bench.metered();
  const { client, name: TableName } = table;
  const put = (item: object, condition?: string) =>
    client.send(new PutCommand({ TableName, Item: { ...item }, ConditionExpression: condition }));
  const add: Write['Update'] = {
    Key: key('indexed'),
    UpdateExpression: 'SET finderPk = :finder, finderSk = :finder ADD mau :one',
    ExpressionAttributeValues: { ':finder': 'finder', ':one': 1 },
  };
  const rules: Rule[] = [];
  const check = async (rule: string, aws: string, call: () => Promise<unknown>) => {
    meter.reset();
    await call().catch((error: unknown) => {
      if (!isConditionFailed(error)) throw error;
    });
    rules.push({ rule, aws, engine: textOf(meter.units()) });
  };

  await check('eventually consistent read of an absent item', '0.5 read', () => readItem(table, key('a'), 'eventual'));
  await check('strongly consistent read of an absent item', '1 read', () => readItem(table, key('a'), 'strong'));
  await check('conditional put of an item under 1 KB', '1 write', () => put(key('one'), absent));
  await check('batch of 2 eventually consistent reads, one item absent', '1 read', () =>
    readItems(table, [key('one'), key('two')], 'eventual'),
  );
  await check('put of an item that is in the GSI', '1 write, 1 write to the GSI', () =>
    put({ ...key('indexed'), ...finder }),
  );
  await check("update that does not change the item's entry in the GSI", '1 write', () =>
    client.send(new UpdateCommand({ TableName, ...add })),
  );
  await check('transaction of 2 updates under 1 KB and a check', '6 write', () =>
    transact(table, {
      indexed: { Update: add },
      other: {
        Update: { Key: key('other'), UpdateExpression: 'ADD mau :one', ExpressionAttributeValues: { ':one': 1 } },
      },
      check: { ConditionCheck: { Key: key('one'), ConditionExpression: exists } },
    }),
  );
  for (const sk of ['1', '2', '3', '4', '5']) await put({ pk: 'many', sk, text: KILOBYTE });
  const count = (pk: string) =>
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
      Select: 'COUNT',
    });
  await check('strongly consistent count of 5 items of 1 KB, charged by their total size', '2 read', () =>
    client.send(count('many')),
  );
  await check('strongly consistent count of no items', '1 read', () => client.send(count('none')));
  await put({ ...key('large'), text: KILOBYTE.repeat(5) });
  await check('eventually consistent read of an item of 5 KB', '1 read', () =>
    client.send(new GetCommand({ TableName, Key: key('large') })),
  );
  bench.close();
  return rules;
}

function textOf({ read, write, indexRead, indexWrite }: Units): string {
  const parts = [
    [read, 'read'],
    [write, 'write'],
    [indexRead, 'read of the GSI'],
    [indexWrite, 'write to the GSI'],
  ] as const;
  return parts.flatMap(([units, kind]) => (units === 0 ? [] : [`${units} ${kind}`])).join(', ');
}
