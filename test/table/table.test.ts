import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../functions/domain/ids.ts';
import {
  markUndeliverable,
  putAdministrator,
  readAdministrator,
  type Administrator,
} from '../../functions/table/administrators.ts';
import { isConditionFailed, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { openTestTable } from '../support/engine.ts';
import { anotherClient, injectFaults, timeOut, type Fault } from '../support/table-faults.ts';

let table: Table;
beforeAll(async () => {
  ({ table } = await openTestTable());
});
const newKey = () => ({ pk: randomUUID(), sk: 'item' });

/**
 * Opens a table client whose first `times` attempts fail. Returns the client and a counter of the client's attempts.
 */
function faulty(fault: Fault, times = Infinity) {
  const tries = { count: 0 };
  const own = injectFaults(anotherClient(table), () => ((tries.count += 1) <= times ? fault : undefined));
  return { own, tries };
}
const read = (on: Table) => on.client.send(new GetCommand({ TableName: table.name, Key: newKey() }));
const put = (on: Table) =>
  on.client.send(
    new PutCommand({ TableName: table.name, Item: newKey(), ConditionExpression: 'attribute_not_exists(pk)' }),
  );
const serverError = () =>
  Object.assign(new Error('Injected: internal server error'), {
    name: 'InternalServerError',
    $fault: 'server',
    $metadata: { httpStatusCode: 500 },
  });

it.concurrent.each([
  ['does not respond in time', timeOut],
  ['returns a server error', serverError],
])('the table client throws UnavailableError after 4 tries if DynamoDB %s', async (_, error) => {
  const { own, tries } = faulty({ before: error() });
  await expect(read(own)).rejects.toThrow(UnavailableError);
  expect(tries.count).toBe(4);
});

it('the table client completes a call even if DynamoDB returned a server error on the first two tries', async () => {
  const { own, tries } = faulty({ before: serverError() }, 2);
  await read(own);
  expect(tries.count).toBe(3);
});

it('the table client reports a failed condition if it retries a conditional write after a lost response', async () => {
  const { own } = faulty({ after: timeOut() }, 1);
  await expect(put(own)).rejects.toSatisfy(isConditionFailed);
});

it('the table client throws UnavailableError with the original error as its cause', async () => {
  const cause = timeOut();
  const { own } = faulty({ before: cause });
  await expect(read(own)).rejects.toMatchObject({ name: 'UnavailableError', cause });
});

it('the table client rethrows errors that a retry cannot resolve', async () => {
  const denied = Object.assign(new Error('Injected'), { name: 'AccessDeniedException', $fault: 'client' });
  const { own, tries } = faulty({ before: denied });
  await expect(read(own)).rejects.toBe(denied);
  expect(tries.count).toBe(1);
});

describe('a single write that conflicts with a transaction on its item', () => {
  const conflict = { before: new TransactionConflictException({ $metadata: {}, message: 'Injected' }) };

  it('throws UnavailableError', async () => {
    const { own } = faulty(conflict);
    await expect(put(own)).rejects.toThrow(UnavailableError);
  });

  it('is retried if it marks an address as undeliverable', async () => {
    const administrator: Administrator = {
      ...{ customerId: newId('cus'), administratorId: newId('adm'), name: 'Alice', email: 'alice@example.com' },
      ...{ privilege: 'administrator', status: 'active', sessionGeneration: 0, createdAt: 0 },
    };
    const { customerId, administratorId } = administrator;
    await transact(table, { administrator: putAdministrator(administrator) });
    await markUndeliverable(faulty(conflict, 3).own, administrator);
    expect(await readAdministrator(table, customerId, administratorId, 'strong')).toMatchObject({
      undeliverable: true,
    });
  });
});
