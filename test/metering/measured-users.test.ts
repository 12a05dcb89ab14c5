import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { showCustomer as formatCustomer } from '../../bin/operator/show.ts';
import { getMau } from '../../functions/domain/metering/get-mau.ts';
import { mauCsv } from '../../functions/domain/metering/mau-csv.ts';
import { reportOperations } from '../../functions/domain/metering/report-operations.ts';
import { showCustomer } from '../../functions/domain/operator/show-customer.ts';
import { exportStatements } from '../../functions/domain/statements/export-statements.ts';
import { listStatements, listStatementsAsCsv } from '../../functions/domain/statements/list-statements.ts';
import { toTtl } from '../../functions/domain/time.ts';
import { putActiveUserWith, readActiveUser } from '../../functions/table/metering/active-users.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { rpMauKey, statementKey, type Key } from '../../functions/table/keys.ts';
import { rpAt } from '../../functions/table/rps.ts';
import { closingOf, type TestCustomer } from '../support/metering/closing.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

let metering: Metering;
let customer: TestCustomer;
let shop: Awaited<ReturnType<TestCustomer['rp']>>;
let blog: typeof shop;
const { run, record } = closingOf(() => metering);
const ids = Array.from({ length: 6 }, (_, index) => `user-${index}`);

beforeEach(async () => {
  metering = await openMetering({ now: '2026-10-20T12:00:00Z' });
  customer = await metering.signUp();
  shop = await customer.rp();
  metering.clock.time += 1_000;
  blog = await customer.rp();
});

/** Counts a user in the write of a ceremony. Returns whether the user was not counted before. */
async function measure({ customerId, rpRef }: typeof shop, userId: string, month: string): Promise<boolean> {
  const user = {
    customerId,
    rpRef,
    month,
    userId,
    firstOperationAt: metering.clock.now(),
    source: 'measured',
  } as const;
  const failures = await transact(metering.table, { active: putActiveUserWith(user, toTtl(user.firstOperationAt)) });
  return failures === undefined;
}
/** Reports an operation of a user. Returns the result of the operation. */
async function report(rp: typeof shop, userId: string) {
  const operations = [{ userId, type: 'authentication' as const }];
  const [result] = await reportOperations(metering.process(), rp, { operations }, metering.clock.now());
  return result?.status;
}
const mau = async () => getMau(metering.services, await customer.caller(), { months: 3 });
/** Removes an attribute of an item, as if an earlier release had stored the item. */
const strip = (key: Key, path: string, names: Record<string, string> = {}) =>
  metering.table.client.send(
    new UpdateCommand({
      TableName: metering.table.name,
      Key: { pk: key.pk, sk: key.sk },
      UpdateExpression: `REMOVE ${path}`,
      ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    }),
  );

describe('a user who is both measured and reported in a month', () => {
  beforeEach(() => metering.register(shop, ids));

  it('counts once and stays reported if the RP reported the user first', async () => {
    expect(await report(shop, 'user-1')).toBe('counted');
    expect(await measure(shop, 'user-1', '2026-10')).toBe(false);
    expect(await report(shop, 'user-1')).toBe('already-counted');
    await metering.drain();
    expect(await mau()).toMatchObject({ total: [0, 0, 1], measuredTotal: [0, 0, 0] });
    const active = await readActiveUser(metering.table, shop.rpRef, '2026-10', 'user-1', 'strong');
    expect(active).toMatchObject({ source: 'reported' });
  });

  it('counts once and stays measured if a ceremony came first', async () => {
    expect(await measure(shop, 'user-1', '2026-10')).toBe(true);
    expect(await report(shop, 'user-1')).toBe('already-counted');
    expect(await measure(shop, 'user-1', '2026-10')).toBe(false);
    await metering.drain();
    expect(await mau()).toMatchObject({ total: [0, 0, 1], measuredTotal: [0, 0, 1] });
  });

  it('counts once if ceremonies and reports of the user arrive at the same time', async () => {
    const outcomes = await Promise.all(
      ids.flatMap((userId) =>
        Array.from({ length: 8 }, async (_, index) =>
          index % 2 === 0
            ? { measured: await measure(shop, userId, '2026-10') }
            : { reported: (await report(shop, userId)) === 'counted' },
        ),
      ),
    );
    await metering.drain();
    const measured = outcomes.filter((outcome) => outcome.measured).length;
    expect(measured + outcomes.filter((outcome) => outcome.reported).length).toBe(ids.length);
    expect(await mau()).toMatchObject({ total: [0, 0, ids.length], measuredTotal: [0, 0, measured] });
  });
});

describe('a month with measured and reported users', () => {
  const rows = (csv: string) => csv.trimEnd().split('\r\n');

  beforeEach(async () => {
    await record(shop, '2026-10', 5, 3);
    await record(blog, '2026-10', 2);
    await metering.drain();
  });
  async function closeOctober(): Promise<void> {
    metering.clock.time = Date.parse('2026-11-04T00:05:00Z');
    expect(await run()).toMatchObject({ closed: 1, complete: true });
  }

  it('shows how many users were measured, from the counters while it is open and from the statement when it is closed', async () => {
    const open = await mau();
    expect(open.rps).toMatchObject([
      { id: shop.rpRef, mau: [0, 0, 5], measured: [0, 0, 3] },
      { id: blog.rpRef, mau: [0, 0, 2], measured: [0, 0, 0] },
    ]);
    expect(open).toMatchObject({ total: [0, 0, 7], measuredTotal: [0, 0, 3] });
    await closeOctober();
    const closed = await mau();
    expect(closed.rps.map(({ measured }) => measured)).toEqual([
      [0, 3, 0],
      [0, 0, 0],
    ]);
    expect(closed).toMatchObject({ total: [0, 7, 0], measuredTotal: [0, 3, 0] });
  });

  it('shows the measured users of an RP that was removed before or after the month was closed', async () => {
    await customer.removeRp(shop.rpRef);
    await record(blog, '2026-10', 1, 1);
    await closeOctober();
    await customer.removeRp(blog.rpRef);
    expect((await mau()).rps).toMatchObject([
      { id: shop.rpRef, removed: true, mau: [0, 5, 0], measured: [0, 3, 0] },
      { id: blog.rpRef, removed: true, mau: [0, 3, 0], measured: [0, 1, 0] },
    ]);
  });

  it('has MAU CSV whose last columns contain the measured users', async () => {
    expect(rows(mauCsv(await mau()))).toEqual([
      'id,rpId,name,removed,2026-08,2026-09,2026-10,2026-08 measured,2026-09 measured,2026-10 measured',
      expect.stringMatching(/,false,0,0,5,0,0,3$/),
      expect.stringMatching(/,false,0,0,2,0,0,0$/),
      'total,,,,0,0,7,0,0,3',
    ]);
  });

  it('has a statement that contains the measured users of each RP and of the customer', async () => {
    await closeOctober();
    const caller = await customer.caller();
    const { items } = await listStatements(metering.services, caller, { limit: 10, cursor: undefined });
    expect(items).toMatchObject([
      {
        ...{ month: '2026-10', mau: 7, measured: 3 },
        rps: [
          { id: shop.rpRef, mau: 5, measured: 3 },
          { id: blog.rpRef, mau: 2, measured: 0 },
        ],
      },
    ]);
    const { csv } = await listStatementsAsCsv(metering.services, caller, undefined);
    const measured = rows(csv).map((row) => row.split(',').at(-1));
    expect(measured).toEqual(['measured', '3', '0', '3']);
  });

  it("appears with its measured users in the operator's export and in the operator's view of the customer", async () => {
    await closeOctober();
    await record(shop, '2026-11', 2, 1);
    await metering.drain();
    const { items } = await exportStatements(metering.services, { month: '2026-10', after: undefined });
    expect(items).toMatchObject([{ customerId: customer.customerId, mau: 7, measured: 3 }]);
    const shown = await showCustomer(metering.services, customer.customerId);
    expect(shown).toMatchObject({
      mau: { '2026-10': 7, '2026-11': 2 },
      measured: { '2026-10': 3, '2026-11': 1 },
    });
    expect(formatCustomer(shown)).toMatch(/MONTH +MAU +MEASURED +REPORTED\n +2026-10 +7 +3 +4\n +2026-11 +2 +1 +1$/);
  });

  it('shows no measured users if an earlier release counted or closed the month', async () => {
    await strip(rpMauKey(customer.customerId, '2026-10', shop.rpRef), 'measured');
    expect((await mau()).rps.map(({ measured }) => measured[2])).toEqual([0, 0]);
    await closeOctober();
    await strip(statementKey(customer.customerId, '2026-10'), 'measured');
    await strip(rpAt(customer.customerId, shop.rpRef), 'closedMau.#slot.measured', { '#slot': '10' });
    const view = await mau();
    expect(view).toMatchObject({ total: [0, 7, 0], measuredTotal: [0, 0, 0] });
    expect(view.rps.map(({ measured }) => measured[1])).toEqual([0, 0]);
    const caller = await customer.caller();
    const { items } = await listStatements(metering.services, caller, { limit: 10, cursor: undefined });
    expect(items).toMatchObject([{ mau: 7, measured: 0 }]);
    const exported = await exportStatements(metering.services, { month: '2026-10', after: undefined });
    expect(exported.items).toMatchObject([{ mau: 7, measured: 0 }]);
  });

  it('never shows more measured users than active users, even if the MAU in a counter is too low', async () => {
    await metering.table.client.send(
      new UpdateCommand({
        TableName: metering.table.name,
        Key: rpMauKey(customer.customerId, '2026-10', shop.rpRef),
        UpdateExpression: 'SET mau = :mau',
        ExpressionAttributeValues: { ':mau': 1 },
      }),
    );
    expect((await mau()).rps[0]).toMatchObject({ mau: [0, 0, 1], measured: [0, 0, 1] });
  });

  it('is closed with the measured users that the records contain, even if the counters are wrong', async () => {
    await strip(rpMauKey(customer.customerId, '2026-10', shop.rpRef), 'mau, measured');
    await closeOctober();
    expect(await mau()).toMatchObject({ total: [0, 7, 0], measuredTotal: [0, 3, 0] });
  });
});
