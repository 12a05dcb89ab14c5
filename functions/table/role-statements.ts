import { leadingKeysOf, type FinderKind, type PartitionKind } from './keys.ts';

/**
 * The DynamoDB actions that the role of a Lambda function may allow on the table's items. No function may scan the
 * table.
 */
export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'
  | 'BatchWriteItem';

/** The rights of a Lambda function's role to the service's table and to the finder, the table's GSI. */
export interface TableRights {
  /** The actions that the function may perform on each kind of partition. */
  readonly table: Readonly<Partial<Record<PartitionKind, readonly TableAction[]>>>;
  /** The kinds of the finder's partitions that the function may query. @default - none */
  readonly finder?: readonly FinderKind[];
}

/**
 * A statement of a role's policy. The statement allows a call when every partition key of the call matches one of the
 * patterns in `leadingKeys`.
 */
export interface TableStatement {
  readonly resource: 'table' | 'finder';
  readonly actions: readonly TableAction[];
  readonly leadingKeys: readonly string[];
}

/**
 * Returns the IAM policy statements that grant the given rights. IAM looks for one statement that covers all keys of a
 * call, and a batch may contain keys of several kinds. So each action is in only one statement, which covers every kind
 * of partition on which the action is allowed. Actions that are allowed on the same kinds of partitions share one
 * statement.
 */
export function statementsOf({ table, finder = [] }: TableRights): TableStatement[] {
  const kindsOf = new Map<TableAction, PartitionKind[]>();
  for (const [kind, actions] of Object.entries(table) as [PartitionKind, readonly TableAction[]][]) {
    for (const action of actions) kindsOf.set(action, [...(kindsOf.get(action) ?? []), kind]);
  }
  const actionsOf = Map.groupBy([...kindsOf.keys()].sort(), (action) => kindsOf.get(action)?.join());
  return [
    ...[...actionsOf.values()].map((actions): TableStatement => {
      const kinds = actions.flatMap((action) => kindsOf.get(action) ?? []);
      return { resource: 'table', actions, leadingKeys: [...new Set(kinds)].sort().map(leadingKeysOf) };
    }),
    ...(finder.length > 0
      ? [{ resource: 'finder', actions: ['Query'], leadingKeys: finder.map(leadingKeysOf) } as const]
      : []),
  ];
}
