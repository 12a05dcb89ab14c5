import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCopies } from '../../functions/aws/copies.ts';
import type { Copies } from '../../functions/domain/statements/copy-records.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { build } from '../../functions/events/close-months.ts';
import { keepClosingRecord, readKeptClosingRecords } from '../../functions/table/closing-records.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { readCopied } from '../../functions/table/metering/copied-records.ts';
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
const { record, license } = closingOf(() => metering);

/** Returns the function that stores a copy in a bucket. @default bucket - the one that exists */
const keepIn = (bucket = 'copies') =>
  openCopies({ bucket, region: 'eu-west-1' }, { endpoint: s3.endpoint, credentials });

/** Runs the hourly function, an hour after the last run. `copies` replaces what stores the copies. */
async function run(copies: Partial<Copies> = {}) {
  metering.clock.time += HOUR;
  const readClosingRecords = () => readKeptClosingRecords(closingRecords);
  const close = build({ ...metering.services, copies: { keep: keepIn(), readClosingRecords, ...copies } });
  return close({} as Parameters<typeof close>[0], { getRemainingTimeInMillis: () => 15 * MINUTE });
}
/** Returns all copies by name. */
const stored = (): Record<string, unknown> =>
  Object.fromEntries([...s3.objects].map(([key, content]) => [key, JSON.parse(content) as unknown]));

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
  const keep = keepIn();
  const dying = (copies: number): Copies['keep'] => {
    let left = copies;
    return async (name, copy) => {
      if (left === 0) throw new Error('The process died.');
      left -= 1;
      await keep(name, copy);
    };
  };
  for (const copies of [0, 1, 2, 3]) await run({ keep: dying(copies) }).catch(() => undefined);
  expect((await readCopied(metering.table))?.through).toBeUndefined();
  await run();
  await run();
  const names = Object.keys(stored());
  expect(names.filter((name) => name.startsWith('statements/'))).toHaveLength(3);
  expect(names.filter((name) => name.startsWith('closing-records/'))).toHaveLength(1);
  expect(s3.refused()).toBeGreaterThan(0);
});

it('leaves a copy as it is that exists under the same name', async () => {
  const keep = keepIn();
  await keep('statements/one.json', { mau: 1 });
  await keep('statements/one.json', { mau: 2 });
  expect(stored()).toEqual({ 'statements/one.json': { mau: 1 } });
});

it('throws when S3 refuses a copy for another reason than an existing one', async () => {
  await keepClosingRecord(closingRecords, {
    customerId: 'cus_gone',
    unsubscribedAt: 1,
    discardedAt: null,
    discarded: {},
  });
  await expect(run({ keep: keepIn('no-such-bucket') })).rejects.toThrow('NoSuchBucket');
});
