import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCopies } from '../../functions/aws/copies.ts';
import type { Copies } from '../../functions/domain/statements/copy-records.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { build } from '../../functions/events/close-months.ts';
import { keepClosingRecord, readKeptClosingRecords } from '../../functions/table/closing-records.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { statementRpsKey } from '../../functions/table/keys.ts';
import { putClosedMonths } from '../../functions/table/metering/closed-months.ts';
import { readCopied } from '../../functions/table/metering/copied-records.ts';
import { putStatement, type Statement, type StatementRp } from '../../functions/table/metering/statements.ts';
import { localClientConfig, openLocalClosingRecords } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { startFakeS3, type FakeS3 } from '../support/fake-s3.ts';
import { closingOf } from '../support/metering/closing.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const at = (iso: string) => Date.parse(iso);
let s3: FakeS3;
let metering: Metering;
let closingRecords: Table;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-10-10T09:00:00Z' });
  await openLocalClosingRecords(await engineEndpoint(), metering.table.name);
  closingRecords = openTable(`${metering.table.name}-closing-records`, localClientConfig(await engineEndpoint()));
  s3 = await startFakeS3('copies');
});
afterEach(() => s3.stop());
const { record, license, setStatus } = closingOf(() => metering);

/** Returns the function that stores a copy in a bucket. @default bucket - the one that exists */
const keepIn = (bucket = 'copies', { endpoint } = s3) =>
  openCopies({ bucket, region: 'eu-west-1' }, { endpoint, credentials });

/** Runs the hourly function, an hour after the last run. `copies` replaces what stores the copies. */
async function run(copies: Partial<Copies> = {}, hasTime = () => true) {
  metering.clock.time += HOUR;
  const readClosingRecords = () => readKeptClosingRecords(closingRecords);
  const close = build({
    ...metering.services,
    copies: { bucket: 'copies', keep: keepIn(), readClosingRecords, ...copies },
  });
  return close({} as Parameters<typeof close>[0], {
    getRemainingTimeInMillis: () => (hasTime() ? 15 : 2) * MINUTE,
  });
}
/** Returns all copies in a bucket by name. */
const stored = ({ objects } = s3): Record<string, unknown> =>
  Object.fromEntries([...objects].map(([key, content]) => [key, JSON.parse(content) as unknown]));
const namesOf = (kind: 'statements' | 'closing-records') =>
  Object.keys(stored()).filter((name) => name.startsWith(`${kind}/`));

async function paidCustomer(mau: number) {
  const customer = await metering.signUp();
  await license(customer, { type: 'business', endsAt: at('2036-01-01T00:00:00Z'), maxMau: 2 });
  const rp = await customer.rp();
  await record({ customerId: customer.customerId, rpRef: rp.rpRef }, '2026-10', mau);
  return { ...customer, rpRef: rp.rpRef };
}

it('copies each paid statement once, with customer ID and numbers, and without any name', async () => {
  const paid = await paidCustomer(3);
  const free = await metering.signUp();
  await license(free, { type: 'free' });
  metering.clock.time = at('2026-11-04T00:05:00Z');
  await run(); // closes October
  expect(stored()).toEqual({});
  await run(); // finds that everybody is closed
  const copies = stored();

  expect(Object.keys(copies)).toEqual([
    expect.stringMatching(new RegExp(`^statements/2026-10/${paid.customerId}-2026-11-04T01:05:00.*Z\\.json$`)),
  ]);
  expect(Object.values(copies)).toEqual([
    {
      customerId: paid.customerId,
      month: '2026-10',
      timeZone: 'UTC',
      closedAt: at('2026-11-04T01:05:00Z'),
      license: { type: 'business', startsAt: at('2026-10-10T09:00:00Z'), endsAt: at('2036-01-01T00:00:00Z') },
      mau: 3,
      measured: 0,
      maxMau: 2,
      overageMau: 1,
      overageFee: { amount: '0.05', currency: 'USD' },
      rps: [{ id: paid.rpRef, mau: 3, measured: 0 }],
    },
  ]);
  const text = JSON.stringify(copies);
  for (const trace of [paid.email, free.email, free.customerId, 'Example', 'example.com'])
    expect(text).not.toContain(trace);

  await run({ keep: () => Promise.reject(new Error('A later run must not copy again')) });
});

it('copies closing records when they are stored and when they are final', async () => {
  metering.clock.time = at('2026-11-04T00:05:00Z');
  const gone = { customerId: 'cus_gone', unsubscribedAt: at('2026-11-01T00:00:00Z'), discarded: { user: 3 } };
  await keepClosingRecord(closingRecords, { ...gone, discardedAt: null });
  await run();
  const discardedAt = metering.clock.time + MINUTE;
  await keepClosingRecord(closingRecords, { ...gone, discardedAt });
  await run();

  expect(stored()).toEqual({
    'closing-records/cus_gone-begun.json': { ...gone, discardedAt: null },
    'closing-records/cus_gone-discarded.json': { ...gone, discardedAt },
  });
  metering.clock.time += 3 * 24 * HOUR;
  await run();
  metering.clock.time += 3 * 24 * HOUR;
  await run({ keep: () => Promise.reject(new Error('Copies that are stored are not stored again')) });
});

it('loses no copy, whenever a run dies', async () => {
  for (const mau of [1, 2, 3]) await paidCustomer(mau);
  await keepClosingRecord(closingRecords, { customerId: 'cus_gone', unsubscribedAt: 1, discardedAt: 2, discarded: {} });
  metering.clock.time = at('2026-11-04T00:05:00Z');
  /** Runs the function until it has stored some copies. Then the process dies. */
  const runAndDie = async (copies: number) => {
    const keep = keepIn();
    let left = copies;
    await new Promise<void>((resolve) => {
      void run({
        async keep(name, copy) {
          if (left === 0) {
            resolve();
            return new Promise(() => undefined);
          }
          left -= 1;
          await keep(name, copy);
        },
      }).then(() => {
        resolve(); // the run that closes the month
      });
    });
  };
  for (const copies of [0, 1, 1, 2, 3]) await runAndDie(copies);
  expect((await readCopied(metering.table))?.through).toBeUndefined();
  await run();
  await run();
  expect(namesOf('statements')).toHaveLength(3);
  expect(namesOf('closing-records')).toHaveLength(1);
  expect(s3.refused()).toBeGreaterThan(0);
});

it('leaves a copy as it is that exists under the same name', async () => {
  const keep = keepIn();
  await keep('statements/one.json', { mau: 1 });
  await keep('statements/one.json', { mau: 2 });
  expect(stored()).toEqual({ 'statements/one.json': { mau: 1 } });
});

it('copies everything to another bucket, also what the former bucket contains', async () => {
  await paidCustomer(3);
  await keepClosingRecord(closingRecords, { customerId: 'cus_gone', unsubscribedAt: 1, discardedAt: 2, discarded: {} });
  metering.clock.time = at('2026-11-04T00:05:00Z');
  await run();
  await run();
  const other = await startFakeS3('other');
  try {
    await run({ bucket: 'other', keep: keepIn('other', other) });
    expect(Object.keys(stored())).toHaveLength(2);
    expect(stored(other)).toEqual(stored());
  } finally {
    await other.stop();
  }
});

/** Stores final closing records, the newest first, one for each minute before 2026-11-04. Returns their customers. */
async function storeClosingRecords(count: number): Promise<string[]> {
  const customerIds = Array.from({ length: count }, (_, index) => `cus_${String(index).padStart(3, '0')}`);
  await Promise.all(
    customerIds.map((customerId, index) =>
      keepClosingRecord(closingRecords, {
        ...{ customerId, unsubscribedAt: 1, discarded: {} },
        discardedAt: at('2026-11-04T00:00:00Z') - index * MINUTE,
      }),
    ),
  );
  return customerIds;
}
/** Returns what stores copies until `copies` are stored, and whether the time for copies has run out. */
function timeFor(copies: number): { keep: Copies['keep']; hasTime: () => boolean } {
  const keep = keepIn();
  let left = copies;
  return {
    keep: async (name, copy) => {
      left -= 1;
      await keep(name, copy);
    },
    hasTime: () => left > 0,
  };
}

it('copies a backlog of closing records in several runs, the oldest first, and each of them once', async () => {
  const customerIds = await storeClosingRecords(25);
  metering.clock.time = at('2026-12-01T00:00:00Z');
  for (const expected of [10, 20, 25]) {
    const { keep, hasTime } = timeFor(10);
    await run({ keep }, hasTime);
    const oldest = customerIds.slice(-expected).map((customerId) => `closing-records/${customerId}-discarded.json`);
    expect(namesOf('closing-records').sort()).toEqual(oldest.sort());
  }
  expect(s3.refused()).toBe(0);
});

it('stores at most ten copies at the same time, and more than one', async () => {
  await storeClosingRecords(40);
  const keep = keepIn();
  let running = 0;
  let most = 0;
  await run({
    async keep(name, copy) {
      most = Math.max(most, (running += 1));
      await keep(name, copy);
      running -= 1;
    },
  });
  expect(most).toBe(10);
});

/** Stores a statement of October with one RP in the table, as the closing of the month does. */
async function storeStatement(
  customerId: string,
  rps: readonly StatementRp[] = [rp],
  month = '2026-10',
): Promise<void> {
  const statement: Statement = {
    ...{ customerId, month, timeZone: 'UTC', closedAt: 0, rps: 1, rpsSize: 100 },
    license: { type: 'business', startsAt: 0, endsAt: null },
    ...{ mau: 3, maxMau: 2, overageMau: 1, overageFee: { amount: '0.05', currency: 'USD' } },
  };
  await transact(metering.table, putStatement(statement, rps));
  await putClosedMonths(metering.table, month);
}
const rp: StatementRp = { id: 'rp_1', rpId: 'example.com', name: 'Example', mau: 3 };

it('copies the statements of many customers in several runs, and most of them once', async () => {
  for (let count = 0; count < 40; count += 1) await storeStatement((await metering.signUp()).customerId);
  metering.clock.time = at('2026-11-04T00:05:00Z');
  let runs = 0;
  for (; (await readCopied(metering.table))?.through === undefined; runs += 1) {
    const { keep, hasTime } = timeFor(25);
    await run({ keep }, hasTime);
  }
  expect(namesOf('statements')).toHaveLength(40);
  expect(runs).toBeGreaterThan(1);
  // A run that was cut off repeats a part of one page of customers.
  expect(s3.refused()).toBeLessThan(20 * runs);
});

/** Stores the statements of October of two customers, the first one without its RPs. */
async function storeOneIncomplete() {
  const { customerId } = await metering.signUp();
  await storeStatement(customerId, []);
  const whole = await metering.signUp();
  await storeStatement(whole.customerId);
  metering.clock.time = at('2026-11-04T00:05:00Z');
  return { customerId, whole };
}

it('fails if RPs of a statement are missing, copies the other statements, and continues with this customer', async () => {
  const { customerId, whole } = await storeOneIncomplete();

  for (let runs = 0; runs < 2; runs += 1)
    await expect(run()).rejects.toThrow('Could not be copied: the statements of 1 customers.');
  expect(namesOf('statements')).toEqual([expect.stringContaining(whole.customerId)]);
  expect(metering.lines).toContainEqual(
    expect.objectContaining({ level: 'error', message: 'the statements of a customer could not be copied' }),
  );
  await transact(metering.table, {
    rps: { Put: { Item: { ...statementRpsKey(customerId, '2026-10', 0), month: '2026-10', rps: [rp] } } },
  });
  await run();
  expect(namesOf('statements')).toHaveLength(2);
});

it('copies the later months of the other customers while the statements of one customer cannot be copied', async () => {
  const { whole } = await storeOneIncomplete();
  await expect(run()).rejects.toThrow('Could not be copied: the statements of 1 customers.');
  await storeStatement(whole.customerId, [rp], '2026-11');
  metering.clock.time = at('2026-12-04T00:05:00Z');
  await expect(run()).rejects.toThrow('Could not be copied: the statements of 1 customers.');

  expect(namesOf('statements').map((name) => name.slice(0, 'statements/2026-10'.length))).toEqual([
    'statements/2026-10',
    'statements/2026-11',
  ]);
});

it('leaves out a statement whose RPs are missing because the customer is being discarded', async () => {
  const customer = await metering.signUp();
  await storeStatement(customer.customerId, []);
  await setStatus(customer, 'unsubscribing');
  metering.clock.time = at('2026-11-04T00:05:00Z');
  await run();
  expect(stored()).toEqual({});
  expect((await readCopied(metering.table))?.through).toBe('2026-10');
});

it('fails when S3 refuses a copy for another reason than an existing one', async () => {
  const { customerId } = await metering.signUp();
  await storeStatement(customerId);
  await storeClosingRecords(1);
  metering.clock.time = at('2026-11-04T00:05:00Z');
  await expect(run({ keep: keepIn('no-such-bucket') })).rejects.toThrow(
    'Could not be copied: closing records and the statements of 1 customers.',
  );
  const errors = metering.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields?.['error']);
  expect(errors).toEqual(Array(2).fill(expect.objectContaining({ name: 'NoSuchBucket' })));
  await run();
  expect(Object.keys(stored())).toHaveLength(2);
});
