import { beforeEach, describe, expect, it } from 'vitest';
import { eachCustomer } from '../../functions/domain/customers/each-customer.ts';
import { readCursor } from '../../functions/table/cursors.ts';
import { readCustomerPage } from '../../functions/table/customers/find-customers.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

const RUN = { name: 'test', atOnce: 1, failure: 'the work failed' };

let metering: Metering;
let all: string[];
beforeEach(async () => {
  metering = await openMetering();
  await Promise.all(Array.from({ length: 5 }, () => metering.signUp()));
  const { customers } = await readCustomerPage(metering.table, { limit: 100 });
  all = customers.map(({ customerId }) => customerId);
});
const customer = (index: number) => all[index] ?? '';

/** Runs through the customers with time for `count` customers. Returns the report, and the customers in their order. */
async function run(count: number, { atOnce = 1, fails = [] as string[] } = {}) {
  const worked: string[] = [];
  const report = await eachCustomer(
    metering.services,
    { ...RUN, atOnce, hasTime: () => worked.length < count },
    ({ customerId }) => {
      worked.push(customerId);
      return fails.includes(customerId) ? Promise.reject(new Error('Injected')) : Promise.resolve(true);
    },
  );
  return { ...report, worked };
}

describe('a run through all customers', () => {
  it('reaches every customer once, and stores no position', async () => {
    expect(await run(10)).toEqual({ isComplete: true, failed: 0, worked: all });
    expect(await readCursor(metering.table, RUN.name)).toBeUndefined();
  });

  it('begins where the last run was cut off, and goes once around', async () => {
    expect(await run(2)).toEqual({ isComplete: false, failed: 0, worked: all.slice(0, 2) });
    expect(await run(2)).toEqual({ isComplete: false, failed: 0, worked: all.slice(2, 4) });
    expect(await run(3)).toEqual({ isComplete: false, failed: 0, worked: [...all.slice(4), ...all.slice(0, 2)] });
    expect(await run(10)).toEqual({ isComplete: true, failed: 0, worked: [...all.slice(2), ...all.slice(0, 2)] });
    expect(await run(10)).toMatchObject({ isComplete: true, worked: all });
  });

  it('keeps its position if it has no time for any customer', async () => {
    await run(2);
    expect(await run(0)).toEqual({ isComplete: false, failed: 0, worked: [] });
    expect((await run(1)).worked).toEqual([customer(2)]);
  });

  it('begins with the customer whose work ran out of time', async () => {
    const cutOff = await eachCustomer(metering.services, { ...RUN, hasTime: () => true }, ({ customerId }) =>
      Promise.resolve(customerId !== customer(3)),
    );
    expect(cutOff).toEqual({ isComplete: false, failed: 0 });
    expect((await run(1)).worked).toEqual([customer(3)]);
  });

  it('works on several customers at the same time', async () => {
    let atWork = 0;
    let most = 0;
    await eachCustomer(metering.services, { ...RUN, atOnce: 3, hasTime: () => true }, async () => {
      most = Math.max(most, (atWork += 1));
      await new Promise(setImmediate);
      atWork -= 1;
      return true;
    });
    expect(most).toBe(3);
  });

  it('logs the failure of one customer, continues with the others, and the next run tries again', async () => {
    const failed = await run(10, { fails: [customer(1)] });
    expect(failed).toEqual({ isComplete: true, failed: 1, worked: all });
    expect(metering.lines.find(({ message }) => message === RUN.failure)?.fields).toMatchObject({
      customerId: customer(1),
    });
    expect((await run(10)).worked).toContain(customer(1));
  });
});
