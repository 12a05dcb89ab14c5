import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { newId } from '../../functions/domain/ids.ts';
import { markUndeliverable } from '../../functions/table/administrators.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { readItem } from '../../functions/table/engine/reads.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { openTestTable } from '../support/engine.ts';
import {
  anotherClient,
  injectFaults,
  throttling,
  timeOut,
  transactionConflict,
  type Attempt,
  type Fault,
} from '../support/table-faults.ts';

/*
 * Each of these tests waits for about two seconds, because the table client waits longer and longer between its tries.
 * The tests run concurrently.
 */
let table: Table;
beforeAll(async () => {
  ({ table } = await openTestTable());
});

/**
 * Opens a table client whose first `times` tries fail. Returns the client and a counter of the client's tries.
 */
function faulty(fault: (attempt: Attempt) => Fault, times = Infinity) {
  const tries = { count: 0 };
  const own = injectFaults(anotherClient(table), (attempt) =>
    (tries.count += 1) <= times ? fault(attempt) : undefined,
  );
  return { own, tries };
}
const newKey = () => ({ pk: randomUUID(), sk: 'item' });
const read = (on: Table) => on.client.send(new GetCommand({ TableName: table.name, Key: newKey() }));

it.concurrent('the table client throws UnavailableError after 4 tries if DynamoDB throttles the call', async () => {
  const { own, tries } = faulty(() => ({ before: throttling() }));
  await expect(read(own)).rejects.toThrow(UnavailableError);
  expect(tries.count).toBe(4);
});

it.concurrent.each([
  ['throttled the call', throttling],
  ['did not respond in time', timeOut],
])('the table client completes a call even if DynamoDB %s on the first two tries', async (_, error) => {
  const { own, tries } = faulty(() => ({ before: error() }), 2);
  await read(own);
  expect(tries.count).toBe(3);
});

it.concurrent('marking an address as undeliverable throws UnavailableError if all retries conflict', async () => {
  const conflict = new TransactionConflictException({ $metadata: {}, message: 'Injected' });
  const { own, tries } = faulty(() => ({ before: conflict }));
  const nobody = { customerId: newId('cus'), administratorId: newId('adm'), email: 'nobody@example.com' };
  await expect(markUndeliverable(own, nobody)).rejects.toThrow(UnavailableError);
  expect(tries.count).toBeGreaterThan(5);
});

it.concurrent('a transaction throws UnavailableError and writes nothing if the conflicts do not end', async () => {
  const key = newKey();
  const { own, tries } = faulty((attempt) => ({ before: transactionConflict(attempt) }));
  await expect(transact(own, { a: { Put: { Item: key } } })).rejects.toThrow(UnavailableError);
  expect(tries.count).toBeGreaterThan(5);
  expect(tries.count).toBeLessThan(1_000);
  expect(await readItem<object>(table, key, 'strong')).toBeUndefined();
});
