import { SIGNATURE } from '../../../../local/open-table.ts';
import type { AwsReply } from './front.ts';
import { AwsError, readJsonCall, unknownOperation, type AwsService, type Need } from './service.ts';

/** A table of a cloud. */
export interface CloudTable {
  /** The name that the functions know. */
  readonly name: string;
  readonly arn: string;
  /** The name of the table in the engine, which other clouds share. */
  readonly nameInEngine: string;
  readonly partitionKey: string;
  /** The partition keys of the indexes, by the names of the indexes. */
  readonly indexes: Readonly<Record<string, string>>;
}

type Input = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Creates DynamoDB's API: the embedded engine behind it performs the calls. `onWrite` is called after each write. The
 * needs of each call are those of AWS ("Actions, resources, and condition keys for Amazon DynamoDB"), where a
 * transaction needs the rights of its parts ("IAM policies for DynamoDB transactions"). The key `dynamodb:LeadingKeys`
 * has the partition keys of all items that a call names.
 */
export function createDynamoDb(endpoint: string, tables: readonly CloudTable[], onWrite: () => void): AwsService {
  const byName = new Map(tables.map((table) => [table.name, table]));
  function tableOf(name: unknown): CloudTable {
    const table = byName.get(String(name));
    if (!table) throw new AwsError('ResourceNotFoundException', `Requested resource not found: ${String(name)}`);
    return table;
  }
  const need = (action: string, name: unknown, keys: readonly unknown[]): Need => {
    const table = tableOf(name);
    return {
      action: `dynamodb:${action}`,
      resource: table.arn,
      context: { 'dynamodb:LeadingKeys': keys.map((key) => valueOf((key as Item)[table.partitionKey])) },
    };
  };
  const ofBatch = (action: string, { RequestItems }: Input, keysOf: (request: unknown) => readonly unknown[]) =>
    Object.entries(RequestItems as Input).map(([name, requests]) => need(action, name, keysOf(requests)));

  const needsOf: Readonly<Record<string, (input: Input) => Need[]>> = {
    GetItem: ({ TableName, Key }) => [need('GetItem', TableName, [Key])],
    PutItem: ({ TableName, Item }) => [need('PutItem', TableName, [Item])],
    UpdateItem: ({ TableName, Key }) => [need('UpdateItem', TableName, [Key])],
    DeleteItem: ({ TableName, Key }) => [need('DeleteItem', TableName, [Key])],
    Query: (input) => {
      const { arn, partitionKey, indexes } = tableOf(input['TableName']);
      const index = input['IndexName'] as string | undefined;
      const attribute = index === undefined ? partitionKey : indexes[index];
      if (attribute === undefined)
        throw new AwsError('ValidationException', `The table has no index ${String(index)}.`);
      return [
        {
          action: 'dynamodb:Query',
          resource: index === undefined ? arn : `${arn}/index/${index}`,
          context: { 'dynamodb:LeadingKeys': [queriedKey(input, attribute)] },
        },
      ];
    },
    BatchGetItem: (input) => ofBatch('BatchGetItem', input, (request) => (request as { Keys: unknown[] }).Keys),
    BatchWriteItem: (input) =>
      ofBatch('BatchWriteItem', input, (requests) =>
        (requests as { PutRequest?: { Item: unknown }; DeleteRequest?: { Key: unknown } }[]).map(
          ({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key,
        ),
      ),
    TransactWriteItems: ({ TransactItems }) =>
      (TransactItems as Readonly<Record<string, Input>>[]).flatMap((part) =>
        Object.entries(part).map(([kind, { TableName, Item, Key }]) =>
          need(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, TableName, [Item ?? Key]),
        ),
      ),
  };

  return (call) => {
    const { operation, input } = readJsonCall(call);
    const needs = Object.hasOwn(needsOf, operation) ? needsOf[operation] : undefined;
    if (!needs) return unknownOperation('DynamoDB', operation);
    const target = String(call.headers['x-amz-target']);
    return {
      needs: needs(input),
      run: async () => {
        const reply = await forward(
          endpoint,
          target,
          renamed(input, (name) => tableOf(name).nameInEngine),
          tables,
        );
        if (!/^(Get|BatchGet|Query)/.test(operation)) onWrite();
        return reply;
      },
    };
  };
}

/** Returns the input of a call with other names of tables. */
function renamed(input: Input, nameOf: (name: unknown) => string): Input {
  const { TableName, RequestItems, TransactItems } = input;
  return {
    ...input,
    ...(TableName !== undefined && { TableName: nameOf(TableName) }),
    ...(RequestItems !== undefined && {
      RequestItems: Object.fromEntries(
        Object.entries(RequestItems as Input).map(([name, value]) => [nameOf(name), value]),
      ),
    }),
    ...(TransactItems !== undefined && {
      TransactItems: (TransactItems as Readonly<Record<string, Input>>[]).map((part) =>
        Object.fromEntries(Object.entries(part).map(([kind, write]) => [kind, renamed(write, nameOf)])),
      ),
    }),
  };
}

async function forward(
  endpoint: string,
  target: string,
  input: Input,
  tables: readonly CloudTable[],
): Promise<AwsReply> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target, ...SIGNATURE },
    body: JSON.stringify(input),
  });
  let body = await response.text();
  // No other text contains the name in the engine, which has a random part.
  for (const { name, nameInEngine } of tables) body = body.replaceAll(`"${nameInEngine}"`, `"${name}"`);
  return { status: response.status, body };
}

/** Returns the text of a partition key, which may be a text or a number. */
function valueOf(attribute: Readonly<Record<string, unknown>> | undefined): string {
  const { S: text, N: number } = attribute ?? {};
  if (typeof (text ?? number) !== 'string') throw new AwsError('ValidationException', 'The partition key is missing.');
  return String(text ?? number);
}

/** Returns the partition key in the condition `attribute = :value` of a query. The attribute may have an alias. */
function queriedKey(input: Input, attribute: string): string {
  const names = (input['ExpressionAttributeNames'] ?? {}) as Readonly<Record<string, string>>;
  const values = (input['ExpressionAttributeValues'] ?? {}) as Item;
  const equations = String(input['KeyConditionExpression']).matchAll(/([#\w]+)\s*=\s*(:\w+)/g);
  const found = [...equations].find(([, name = '']) => (names[name] ?? name) === attribute);
  return valueOf(values[found?.[2] ?? '']);
}
