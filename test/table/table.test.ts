import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../functions/domain/ids.ts';
import { putRp, renameRp } from '../../functions/table/rps.ts';
import { isConditionFailed, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { openTestTable } from '../support/engine.ts';
import { anotherClient, injectFaults, throttling, timeOut, type Fault } from '../support/table-faults.ts';

let table: Table;
beforeAll(async () => {
  ({ table } = await openTestTable());
});
const newKey = () => ({ pk: randomUUID(), sk: 'item' });

/** Opens a client whose first tries meet a fault. Gives how many tries it made. */
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
  ['throttles', throttling],
  ['does not answer in time', timeOut],
  ['has a fault', serverError],
])('tries a call 4 times when the table %s, and then it is unavailable', async (_, error) => {
  const { own, tries } = faulty({ before: error() });
  await expect(read(own)).rejects.toThrow(UnavailableError);
  expect(tries.count).toBe(4);
});

it.concurrent.each([
  ['throttled', throttling],
  ['did not answer in time', timeOut],
  ['had a fault', serverError],
])('does a call when the table %s at first', async (_, error) => {
  const { own, tries } = faulty({ before: error() }, 2);
  await read(own);
  expect(tries.count).toBe(3);
});

it('finds the condition false of a write that was done and whose answer was lost', async () => {
  const { own } = faulty({ after: timeOut() }, 1);
  await expect(put(own)).rejects.toSatisfy(isConditionFailed);
});

it('says why it is unavailable', async () => {
  const cause = timeOut();
  const { own } = faulty({ before: cause });
  await expect(read(own)).rejects.toMatchObject({ name: 'UnavailableError', cause });
});

it('leaves errors that trying again cannot help as they are', async () => {
  const denied = Object.assign(new Error('Injected'), { name: 'AccessDeniedException', $fault: 'client' });
  const { own, tries } = faulty({ before: denied });
  await expect(read(own)).rejects.toBe(denied);
  expect(tries.count).toBe(1);
});

describe('a single write that meets a transaction on its item', () => {
  const conflict = { before: new TransactionConflictException({ $metadata: {}, message: 'Injected' }) };

  it('is unavailable, and not broken', async () => {
    const { own } = faulty(conflict);
    await expect(put(own)).rejects.toThrow(UnavailableError);
  });

  it('is tried again where it edits an RP: users of its may be registered at the same time', async () => {
    const customerId = newId('cus');
    const id = newId('rp');
    await transact(table, {
      rp: putRp({ customerId, id, rpId: 'example.com', name: 'Old', registeredUsers: 0, createdAt: 0 }),
    });
    expect(await renameRp(faulty(conflict, 3).own, customerId, id, 'New')).toMatchObject({ name: 'New' });
  });

  it('is given up in the end', async () => {
    const { own, tries } = faulty(conflict);
    await expect(renameRp(own, newId('cus'), newId('rp'), 'New')).rejects.toThrow(UnavailableError);
    expect(tries.count).toBeGreaterThan(5);
  });
});
