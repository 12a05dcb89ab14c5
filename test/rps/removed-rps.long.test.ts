import { beforeEach, describe, expect, it } from 'vitest';
import { getMau } from '../../functions/domain/metering/get-mau.ts';
import { mauCsv } from '../../functions/domain/metering/mau-csv.ts';
import { listRps } from '../../functions/domain/rps/list-rps.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { listStatements } from '../../functions/domain/statements/list-statements.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { addToRpMau, addToTotalMau } from '../../functions/table/metering/mau-counters.ts';
import { storeClosedMau } from '../../functions/table/rps.ts';
import { closingOf } from '../support/metering/closing.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, measure } from '../support/table-faults.ts';

/**
 * The number of removed RPs: more than the MAU view lists, and more than the counters of a month that the view reads.
 */
const REMOVED = 32;
/** The check of the session reads 3 units, so that each of these requests reads at most 8 units. */
const MOST_UNITS = 5;

let metering: Metering;
let customer: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-11-20T09:00:00Z' });
  customer = await metering.signUp();
});
const { run, record, statements } = closingOf(() => metering);

/** Registers an RP that has one active user, who is measured, in the current month, and returns the RP's ID. */
async function activeRp(): Promise<string> {
  const { rpRef } = await customer.rp();
  const { customerId } = customer;
  await record({ customerId, rpRef }, '2026-11', 1, 1);
  await transact(metering.table, {
    rp: addToRpMau(customerId, '2026-11', rpRef, 1, 1),
    total: addToTotalMau(customerId, '2026-11', 1, 1),
  });
  return rpRef;
}
/** Calls a domain function as the customer's representative. Returns its result, and the read units that it took. */
async function measured<T>(
  call: (services: Metering['services'], caller: Awaited<ReturnType<typeof customer.caller>>) => Promise<T>,
) {
  const caller = await customer.caller();
  const table = anotherClient(metering.table);
  const units = measure(table);
  return { result: await call({ ...metering.services, table }, caller), read: units.read };
}
const mau = () => measured((services, caller) => getMau(services, caller, { months: 12 }));
const itemsOf = async (prefix: string) => (await metering.dump()).filter(({ sk }) => String(sk).startsWith(prefix));
const close = async () => {
  metering.clock.time = Date.parse('2026-12-05T00:00:00Z');
  await run();
};

describe('many removed RPs', () => {
  it('make no request of the customer more expensive, and stay in the totals and in the statement', async () => {
    const staying = await activeRp();
    for (let index = 0; index < REMOVED; index += 1) await customer.removeRp(await activeRp());

    const list = await measured((services, caller) => listRps(services, caller, { limit: 1 }));
    expect(list.result).toMatchObject({ items: [{ id: staying }] });
    expect(list.read).toBeLessThanOrEqual(1);
    const open = await mau();
    expect(open.result.rps.map(({ id, mau: months }) => [id, months.at(-1)])).toEqual([[staying, 1]]);
    expect(open.result.otherRemovedRps?.at(-1)).toBe(REMOVED);
    expect(open.result.total.at(-1)).toBe(REMOVED + 1);
    expect(open.result.measuredOtherRemovedRps).toEqual(open.result.otherRemovedRps);
    expect(open.result.measuredTotal).toEqual(open.result.total);
    expect(open.read).toBeLessThanOrEqual(MOST_UNITS);

    await close();
    const closed = await mau();
    const rowsOf = (csv: string) => csv.trimEnd().split('\r\n');
    const zeros = Array(10).fill(0).join(',');
    expect(closed.result.rps).toHaveLength(1 + 20);
    expect(closed.result.rps.filter(({ removed }) => removed)).toHaveLength(20);
    expect(closed.result.rps.every(({ mau: months }) => months.at(-2) === 1)).toBe(true);
    expect(closed.result.otherRemovedRps?.at(-2)).toBe(REMOVED - 20);
    expect(closed.result.total.at(-2)).toBe(REMOVED + 1);
    expect(closed.result.measuredOtherRemovedRps).toEqual(closed.result.otherRemovedRps);
    expect(closed.result.measuredTotal).toEqual(closed.result.total);
    expect(rowsOf(mauCsv(closed.result)).slice(-2)).toEqual([
      `other removed RPs,,,true,${zeros},${REMOVED - 20},0,${zeros},${REMOVED - 20},0`,
      `total,,,,${zeros},${REMOVED + 1},0,${zeros},${REMOVED + 1},0`,
    ]);
    expect(closed.read).toBeLessThanOrEqual(MOST_UNITS);
    const listed = await measured((services, caller) => listStatements(services, caller, { limit: 50 }));
    expect(listed.result.items).toMatchObject([{ month: '2026-11', mau: REMOVED + 1 }]);
    expect(listed.result.items[0]?.rps).toHaveLength(REMOVED + 1);
    expect(listed.result.items[0]?.rps.filter(({ removed }) => removed)).toHaveLength(REMOVED);
    expect(listed.read).toBeLessThanOrEqual(MOST_UNITS);
  });

  it('without active users are not in the MAU view, and expire after the last active user could have expired', async () => {
    const { rpRef } = await customer.rp();
    await customer.removeRp(rpRef);
    expect((await mau()).result.rps).toEqual([]);
    expect(await itemsOf('SHOWN-RP#')).toEqual([]);
    expect(await itemsOf('RP#')).toEqual([]);
    expect(await itemsOf('REMOVED-RP#')).toMatchObject([
      { sk: `REMOVED-RP#2026-11#${rpRef}`, ttl: Date.parse('2028-02-01T00:00:00Z') / 1_000 },
    ]);
  });

  it('with active users are shown for the last time 11 months later', async () => {
    const rpRef = await activeRp();
    await customer.removeRp(rpRef);
    await close();
    expect(await itemsOf('SHOWN-RP#')).toMatchObject([{ ttl: Date.parse('2027-11-01T00:00:00Z') / 1_000 }]);
    metering.clock.time = Date.parse('2027-10-31T23:59:59Z');
    expect((await mau()).result.rps).toMatchObject([{ id: rpRef, removed: true }]);
    metering.clock.time += 1_000;
    expect((await mau()).result.rps).toEqual([]);
  });
});

describe('the closing of a month and the removal of an RP at the same time', () => {
  it('keep the MAU of the month if the removal is interrupted by the closing', async () => {
    const rpRef = await activeRp();
    const { customerId } = customer;
    let isStored = false;
    const interrupted = anotherClient(metering.table);
    // Another process stores the month after this process has read the RP.
    interrupted.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (commandName.startsWith('TransactWrite') && !isStored) {
            isStored = true;
            await storeClosedMau(metering.table, { customerId, id: rpRef }, '2026-10', { mau: 7, measured: 2 });
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    const services = { ...metering.services, table: interrupted, discard: () => Promise.resolve() };
    await removeRp(services, await customer.caller(), rpRef);
    expect(await itemsOf('SHOWN-RP#')).toMatchObject([
      { closedMau: { '10': { month: '2026-10', mau: 7, measured: 2 } } },
    ]);
  });

  it('keep the MAU of the month if the closing is interrupted by the removal', async () => {
    const rpRef = await activeRp();
    metering.clock.time = Date.parse('2026-12-05T00:00:00Z');
    const interrupted = removesBeforeUpdate(rpRef);
    await run({ on: interrupted });
    expect(await itemsOf('RP#')).toEqual([]);
    expect(await statements(customer)).toMatchObject([{ month: '2026-11', mau: 1, rps: { [rpRef]: 1 } }]);
    expect((await mau()).result.rps).toMatchObject([{ id: rpRef, removed: true }]);
    expect((await mau()).result.rps[0]?.mau.at(-2)).toBe(1);
  });

  it('list an RP whose active user the aggregator had not counted before the removal', async () => {
    const { rpRef } = await customer.rp();
    await record({ customerId: customer.customerId, rpRef }, '2026-11', 1);
    await customer.removeRp(rpRef);
    expect(await itemsOf('SHOWN-RP#')).toEqual([]);
    await close();
    expect((await mau()).result.rps).toMatchObject([{ id: rpRef, removed: true }]);
  });
});

/** Returns a client that removes the RP just before its first update of the RP's item. */
function removesBeforeUpdate(rpRef: string): Table {
  const table = anotherClient(metering.table);
  let isRemoved = false;
  table.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        if (commandName.startsWith('Update') && !isRemoved) {
          isRemoved = true;
          await customer.removeRp(rpRef);
        }
        return next(args);
      },
    { step: 'initialize' },
  );
  return table;
}
