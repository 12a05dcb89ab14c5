import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { untilNoConflict } from './conflicts.ts';
import type { Table } from './client.ts';
import { ConflictError } from './unavailable-error.ts';

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
/** One write of a transaction, or only a check. The table's name is filled in when it is sent. */
export type Write = {
  [Kind in keyof TransactItem]: Omit<NonNullable<TransactItem[Kind]>, 'TableName'>;
};

/** Which writes of a transaction found their condition false, each with the item that stood there. Undefined: all were done. */
export type Failures<Name extends string> = Partial<Readonly<Record<Name, { readonly item: unknown }>>> | undefined;

/**
 * Does all writes or none. Conditions that were false come back by the name of their write; a transaction that meets
 * others on the same items is tried again with jitter for 2 seconds, then it throws `UnavailableError`. If the process
 * dies, all writes are done or none. An unknown outcome is tried again by the SDK under the same client token, so that
 * it is done once.
 */
export async function transact<Name extends string>(
  table: Table,
  writes: Readonly<Record<Name, Write | undefined>>,
): Promise<Failures<Name>> {
  const named = (Object.entries(writes) as [Name, Write | undefined][]).flatMap(([name, write]) =>
    write ? [{ name, write }] : [],
  );
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
      if (failed.length > 0) return Object.fromEntries(failed) as Failures<Name>;
      if (reasons.some(({ Code }) => Code !== undefined && PASSING.has(Code))) {
        throw new ConflictError('Too many transactions on the same items', { cause: error });
      }
      throw error;
    }
  });
}

const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

function withTable(table: Table, write: Write): TransactItem {
  return Object.fromEntries(
    Object.entries(write).map(([kind, input]) => [
      kind,
      { ...input, TableName: table.name, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    ]),
  );
}

/** The condition that an item stands under the write's key. */
export const exists = 'attribute_exists(pk)';
/** The condition that no item stands under the write's key. */
export const absent = 'attribute_not_exists(pk)';
