import type { TableAction } from '../../functions/api/routes.ts';
import type { Table } from '../../functions/table/engine/client.ts';

type Input = Record<string, unknown>;

/** What a call to DynamoDB needs to be allowed, by the name of its command. */
const actionsOf: Readonly<Record<string, (input: Input) => string[]>> = {
  GetItemCommand: () => ['GetItem'],
  BatchGetItemCommand: () => ['BatchGetItem'],
  QueryCommand: ({ IndexName }) => [IndexName === undefined ? 'Query' : 'QueryFinder'],
  PutItemCommand: () => ['PutItem'],
  UpdateItemCommand: () => ['UpdateItem'],
  DeleteItemCommand: () => ['DeleteItem'],
  TransactWriteItemsCommand: ({ TransactItems }) =>
    (TransactItems as Input[]).map((item) =>
      item['ConditionCheck']
        ? 'ConditionCheckItem'
        : item['Put']
          ? 'PutItem'
          : item['Update']
            ? 'UpdateItem'
            : 'DeleteItem',
    ),
};

/**
 * Lets a table's client do only what a route's role allows in AWS, so that a missing right shows here and not there. The
 * table must have a client of its own.
 */
export function restrict(table: Table, allowed: readonly TableAction[]): Table {
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const needed = actionsOf[commandName]?.(args.input as Input) ?? [commandName];
        const missing = needed.find((action) => !(allowed as readonly string[]).includes(action));
        if (missing !== undefined) throw new Error(`AccessDenied: the route's role does not allow ${missing}.`);
        return next(args);
      },
    { step: 'initialize', name: 'restrict', priority: 'low' },
  );
  return table;
}
