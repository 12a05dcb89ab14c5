import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { tableDefinition } from '../../functions/table/definition.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { restrict, type TableUse } from '../../local/aws/restrict.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint, openTestTable } from '../support/engine.ts';

const every = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'] as const;
const key = (pk: string) => ({ pk, sk: 'any' });

describe('a restricted table', () => {
  let name: string;
  let table: Table;
  const uses: TableUse[] = [];
  const denied: string[] = [];
  beforeAll(async () => {
    ({ name } = (await openTestTable()).table);
    table = restrict(
      openTable(name, localClientConfig(await engineEndpoint())),
      'some-function',
      { table: { EMAIL: every, LINK: every, SESSION: ['ConditionCheckItem'] }, finder: ['OWNED'] },
      { onUse: (use) => uses.push(use), onDenied: (reason) => denied.push(reason) },
    );
  });
  const query = (pk: string) =>
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: '#key = :any',
      ExpressionAttributeNames: { '#key': 'pk' },
      ExpressionAttributeValues: { ':any': pk },
    });
  const find = (finderPk: string) =>
    new QueryCommand({
      TableName: name,
      IndexName: tableDefinition.finder.indexName,
      KeyConditionExpression: 'finderPk = :any',
      ExpressionAttributeValues: { ':any': finderPk },
    });
  const calls = (pk: string) => ({
    GetItem: new GetCommand({ TableName: name, Key: key(pk) }),
    BatchGetItem: new BatchGetCommand({ RequestItems: { [name]: { Keys: [key('EMAIL#a'), key(pk)] } } }),
    Query: query(pk),
    PutItem: new PutCommand({ TableName: name, Item: key(pk) }),
    UpdateItem: new UpdateCommand({ TableName: name, Key: key(pk) }),
    DeleteItem: new DeleteCommand({ TableName: name, Key: key(pk) }),
    BatchWriteItem: new BatchWriteCommand({
      RequestItems: {
        [name]: [{ DeleteRequest: { Key: key('EMAIL#a') } }, { PutRequest: { Item: key(pk) } }],
      },
    }),
  });
  const send = (call: unknown) => table.client.send(call as GetCommand);

  it.each(every)('allows %s only for the permitted kinds of partition keys', async (action) => {
    await send(calls('LINK#a')[action]);
    expect(uses.at(-1)).toMatchObject({ resource: 'table', action });
    await expect(send(calls('CUSTOMER#a')[action])).rejects.toThrow(
      `AccessDenied: the role of some-function does not allow ${action} on table for`,
    );
    // A permitted kind must match the whole first word of a partition key, not only the beginning of the word.
    await expect(send(calls('LINK-LIMIT#a')[action])).rejects.toThrow('AccessDenied');
  });

  it('checks each write of a transaction', async () => {
    const transaction = (checked: string) =>
      new TransactWriteCommand({
        TransactItems: [
          { Put: { TableName: name, Item: key('LINK#b') } },
          { Update: { TableName: name, Key: key('EMAIL#b'), UpdateExpression: 'REMOVE seen' } },
          { Delete: { TableName: name, Key: key('LINK#c') } },
          {
            ConditionCheck: {
              TableName: name,
              Key: key(checked),
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ],
      });
    await send(transaction('SESSION#a'));
    expect(uses.slice(-4).map(({ action }) => action)).toEqual([
      'PutItem',
      'UpdateItem',
      'DeleteItem',
      'ConditionCheckItem',
    ]);
    await expect(send(transaction('EMAIL#c'))).rejects.toThrow('ConditionCheckItem on table for EMAIL');
  });

  it('allows queries of the index "finder" only for the permitted partition keys of this index', async () => {
    await send(find('OWNED#a'));
    expect(uses.at(-1)).toEqual({ resource: 'finder', action: 'Query', keys: ['OWNED#a'] });
    await expect(send(find('CUSTOMERS#00'))).rejects.toThrow('Query on finder for CUSTOMERS');
  });

  it('denies every other call, such as a scan, and reports the denied call', async () => {
    await expect(send(new ScanCommand({ TableName: name }))).rejects.toThrow('ScanCommand');
    expect(denied.at(-1)).toBe('AccessDenied: the role of some-function does not allow ScanCommand.');
  });
});
