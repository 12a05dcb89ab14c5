import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { untilNoConflict } from './conflicts.ts';
import type { Table } from './client.ts';
import { ConflictError } from './unavailable-error.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The property `item` exists only in types, not at run time. */
declare const item: unique symbol;

/**
 * One write or one condition check of a transaction, on an item of the type `Item`. `transact` adds the table's name to
 * each write. Each kind of key belongs to one type of item. So a function that builds a write for a key knows the type
 * of the item, and declares it as `Item`.
 */
export type Write<Item = unknown> = {
  readonly [Kind in keyof TransactItem]: Omit<NonNullable<TransactItem[Kind]>, 'TableName'>;
} & { readonly [item]?: Item };

/** The writes of a transaction, each under a name. `transact` leaves out undefined writes. */
export type Writes = Readonly<Record<string, Write | undefined>>;

/**
 * The failure of a write whose condition was false. `item` is the item with the write's key, or undefined when no such
 * item exists.
 */
interface Failure<W extends Write | undefined> {
  readonly item: NonNullable<W>[typeof item] | undefined;
}

/**
 * The failed writes of a transaction: each write whose condition was false, under the name of the write. Undefined when
 * the transaction succeeded.
 */
export type Failures<W extends Writes> = { readonly [Name in keyof W]?: Failure<W[Name]> } | undefined;

/**
 * Performs all writes or none of them, and returns the writes whose conditions were false. Retries the transaction
 * after random waits while other transactions write to the same items or DynamoDB throttles the transaction. Throws
 * `UnavailableError` if the transaction still fails after 2 seconds. If the process dies, DynamoDB has performed either
 * all writes or none of them. When DynamoDB's response is lost, the SDK retries with the same client token, so the
 * writes are done only once.
 */
export async function transact<W extends Writes>(table: Table, writes: W): Promise<Failures<W>> {
  const named = Object.entries(writes).flatMap(([name, write]) => (write ? [{ name, write }] : []));
  const command = new TransactWriteCommand({
    TransactItems: named.map(({ write }) => withTable(table, write)),
  });
  return untilNoConflict(table, async () => {
    try {
      await table.client.send(command);
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      const failed = named.flatMap(({ name }, index) => {
        const reason = reasons[index];
        return reason?.Code === 'ConditionalCheckFailed'
          ? [[name, { item: reason.Item && unmarshall(reason.Item) }] as const]
          : [];
      });
      // Nothing checks the type of the item at run time. Each kind of key belongs to one type of item, so the item has
      // the type that the write declares.
      if (failed.length > 0) return Object.fromEntries(failed) as Failures<W>;
      // The SDK's error may contain items of the table. The log must not contain the data of users, so the service
      // throws an error that contains only the codes.
      const cause = new Error(`DynamoDB cancelled the transaction: ${reasons.map(({ Code }) => Code).join(', ')}`);
      if (reasons.some(({ Code }) => Code !== undefined && PASSING.has(Code))) {
        throw new ConflictError('Too many transactions on the same items', { cause });
      }
      throw cause;
    }
  });
}

/** The codes of the cancellation reasons after which a retry may succeed. */
const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

function withTable(table: Table, write: Write): TransactItem {
  return Object.fromEntries(
    Object.entries(write).map(([kind, input]) => [
      kind,
      { ...input, TableName: table.name, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    ]),
  );
}
