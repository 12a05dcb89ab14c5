import { tableDefinition } from '../../functions/table/definition.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import {
  statementsOf,
  type TableAction,
  type TableRights,
  type TableStatement,
} from '../../functions/table/role-statements.ts';

/**
 * The parts of a DynamoDB call that IAM checks: the resource (the table or its GSI, the finder), the action, and the
 * partition keys of all items that the call names.
 */
export interface TableUse {
  readonly resource: TableStatement['resource'];
  readonly action: TableAction;
  readonly keys: readonly string[];
}

/** Receives the table calls of a Lambda function. */
export interface RestrictionWatcher {
  readonly onUse: (use: TableUse) => void;
  /**
   * Receives the reason when a call is refused. The error alone is not enough: the caller of the Lambda function may
   * retry without reporting the reason.
   */
  readonly onDenied: (reason: string) => void;
}

/**
 * Limits a table's client to the calls that the role of the Lambda function `name` allows in AWS, so that tests find a
 * missing permission. Returns the same table. Two Lambda functions must not share a client.
 */
export function restrict(table: Table, name: string, rights: TableRights, watcher: RestrictionWatcher): Table {
  const statements = statementsOf(rights);
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const uses = usesOf[commandName]?.(args.input as Input);
        const denied = uses?.find((use) => !statements.some((statement) => isAllowed(statement, use)));
        if (!uses || denied) {
          const reason = `AccessDenied: the role of ${name} does not allow ${denied ? inWords(denied) : commandName}.`;
          watcher.onDenied(reason);
          throw new Error(reason);
        }
        for (const use of uses) watcher.onUse(use);
        return next(args);
      },
    { step: 'initialize', name: 'restrict', priority: 'low' },
  );
  return table;
}

/**
 * Returns whether a policy statement allows a call. Compares partition keys as IAM does for the condition
 * `ForAllValues:StringLike` on `dynamodb:LeadingKeys`.
 */
const isAllowed = ({ resource, actions, leadingKeys }: TableStatement, use: TableUse) =>
  resource === use.resource &&
  actions.includes(use.action) &&
  use.keys.every((key) => leadingKeys.some((pattern) => isLike(key, pattern)));

/**
 * Describes a refused table call: the action, the resource, and the part of each partition key before the first `#`.
 * Omits the rest of each key, because the rest may be an e-mail address.
 */
const inWords = ({ resource, action, keys }: TableUse) =>
  `${action} on ${resource} for ${[...new Set(keys.map((key) => key.split('#', 1)[0]))].join(', ')}`;

const isLike = (key: string, pattern: string) =>
  pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern;

/**
 * The input of a call. The values of the input are either plain values, or values that the document client has already
 * marshalled.
 */
type Input = Readonly<Record<string, unknown>>;
type Write = Readonly<Partial<Record<'Put' | 'Update' | 'Delete' | 'ConditionCheck', Input>>>;
type BatchWrite = Readonly<Partial<Record<'PutRequest' | 'DeleteRequest', Input>>>;

const { partitionKey, finder } = tableDefinition;

const textOf = (value: unknown): string => {
  const text = typeof value === 'object' && value !== null ? (value as { S?: unknown }).S : value;
  if (typeof text !== 'string') throw new Error('A call to the table has no partition key.');
  return text;
};
/** Returns the partition key of an item or of a key. */
const pkOf = (item: unknown): string => textOf((item as Input)[partitionKey]);
const onTable = (action: TableAction, ...keys: string[]): TableUse => ({ resource: 'table', action, keys });

/**
 * For each DynamoDB command, a function that returns the rights that a call of the command needs. A transaction needs
 * the rights of each of its writes.
 */
const usesOf: Readonly<Record<string, (input: Input) => TableUse[]>> = {
  GetItemCommand: ({ Key }) => [onTable('GetItem', pkOf(Key))],
  BatchGetItemCommand: ({ RequestItems }) => {
    const keys = Object.values(RequestItems as Record<string, { Keys: unknown[] }>).flatMap(({ Keys }) => Keys);
    return [onTable('BatchGetItem', ...keys.map(pkOf))];
  },
  QueryCommand: (input) => [
    input['IndexName'] === undefined
      ? onTable('Query', queriedKey(input, partitionKey))
      : { resource: 'finder', action: 'Query', keys: [queriedKey(input, finder.partitionKey)] },
  ],
  PutItemCommand: ({ Item }) => [onTable('PutItem', pkOf(Item))],
  UpdateItemCommand: ({ Key }) => [onTable('UpdateItem', pkOf(Key))],
  DeleteItemCommand: ({ Key }) => [onTable('DeleteItem', pkOf(Key))],
  TransactWriteItemsCommand: ({ TransactItems }) =>
    (TransactItems as Write[]).map(({ Put, Update, Delete, ConditionCheck }) => {
      if (Put) return onTable('PutItem', pkOf(Put['Item']));
      if (Update) return onTable('UpdateItem', pkOf(Update['Key']));
      if (Delete) return onTable('DeleteItem', pkOf(Delete['Key']));
      return onTable('ConditionCheckItem', pkOf(ConditionCheck?.['Key']));
    }),
  BatchWriteItemCommand: ({ RequestItems }) => {
    const writes = Object.values(RequestItems as Record<string, BatchWrite[]>).flat();
    return [
      onTable(
        'BatchWriteItem',
        ...writes.map((write) => pkOf(write.PutRequest?.['Item'] ?? write.DeleteRequest?.['Key'])),
      ),
    ];
  },
};

/**
 * Returns the partition key in the condition `attribute = :value` of a query. The condition may name the attribute by
 * an alias such as `#name`.
 */
function queriedKey(input: Input, attribute: string): string {
  const names = (input['ExpressionAttributeNames'] ?? {}) as Readonly<Record<string, string>>;
  const values = (input['ExpressionAttributeValues'] ?? {}) as Input;
  const equations = String(input['KeyConditionExpression']).matchAll(/([#\w]+) = (:\w+)/g);
  const found = [...equations].find(([, name = '']) => (names[name] ?? name) === attribute);
  return textOf(values[found?.[2] ?? '']);
}
