import { beforeEach, expect, it } from 'vitest';
import { recordExport } from '../../functions/domain/audit/record-export.ts';
import { editCustomer } from '../../functions/domain/customers/edit-customer.ts';
import { registerRp } from '../../functions/domain/rps/register-rp.ts';
import { deleteSession } from '../../functions/domain/sessions/delete-session.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import {
  anotherClient,
  failWrite,
  injectFaults,
  measure,
  timeOut,
  transactionConflict,
} from '../support/table-faults.ts';

let metering: Metering;
let owner: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  metering = await openMetering();
  owner = await metering.signUp();
});

/** Returns the kinds of all entries, sorted: all changes of a test take place in the same millisecond. */
async function entries(): Promise<string[]> {
  const items = await metering.dump();
  const stored = items.filter(({ sk }) => String(sk).startsWith('AUDIT#'));
  return stored.map(({ kind }) => String(kind)).sort();
}
const rename = async (table: Table) =>
  editCustomer({ ...metering.services, table }, await owner.caller(), 1, { name: 'New Name' });
const nameOf = async () => (await owner.caller()).customer.name;

it('a transaction that is repeated after a conflict or a lost response stores one entry', async () => {
  const before = await entries();
  let attempts = 0;
  const table = injectFaults(anotherClient(metering.table), (attempt) => {
    if (!attempt.command.startsWith('TransactWrite')) return undefined;
    attempts += 1;
    if (attempts <= 2) return { before: transactionConflict(attempt) };
    return attempts === 3 ? { after: timeOut() } : undefined;
  });
  await rename(table);
  expect(attempts).toBe(4);
  expect(await entries()).toEqual([...before, 'customer-edited'].sort());
});

it('a process that dies before or after the transaction leaves both the change and its entry, or neither', async () => {
  const before = await entries();
  for (const [when, name, added] of [
    ['before', 'Example Corporation', []],
    ['after', 'New Name', ['customer-edited']],
  ] as const) {
    const table = anotherClient(metering.table);
    failWrite(table, 1, when);
    await expect(rename(table)).rejects.toThrow(`${when} write 1`);
    expect(await nameOf()).toBe(name);
    expect(await entries()).toEqual([...before, ...added].sort());
  }
});

it('an edit of an outdated version, and a taken RP ID, store no entry', async () => {
  await owner.rp('shop.example.com');
  const before = await entries();
  const caller = await owner.caller();
  await rename(metering.table);
  await expect(editCustomer(metering.services, caller, 1, { name: 'Other' })).rejects.toThrow('was changed after');
  const taken = { rpId: 'shop.example.com', name: 'Shop' };
  await expect(registerRp(metering.services, caller, taken)).rejects.toThrow('has an RP');
  expect(await entries()).toEqual([...before, 'customer-edited'].sort());
});

it('two requests that end the same session store one entry', async () => {
  const before = await entries();
  const caller = await owner.caller();
  await Promise.all([deleteSession(metering.services, caller), deleteSession(metering.services, caller)]);
  await deleteSession(metering.services, caller);
  expect(await entries()).toEqual([...before, 'session-ended'].sort());
});

it('an entry takes 2 write units in the transaction of a change, and 1 for an export', async () => {
  const table = anotherClient(metering.table);
  const units = measure(table);
  await rename(table);
  // 2 units each for the customer, for the check of the caller's rights and for the entry.
  expect(units.write).toBe(6);
  await recordExport({ ...metering.services, table }, await owner.caller(), {
    kind: 'mau-exported',
    cursor: undefined,
  });
  expect(units.write).toBe(7);
});
