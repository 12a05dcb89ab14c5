import { beforeEach, describe, expect, it } from 'vitest';
import { cancelLicense } from '../../functions/domain/licenses/cancel-license.ts';
import { HOUR } from '../../functions/domain/time.ts';
import type { Statement } from '../../functions/table/metering/statements.ts';
import { closingOf, type TestCustomer } from '../support/metering/closing.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, meanwhile } from '../support/table-faults.ts';

const at = (iso: string) => Date.parse(iso);
let metering: Metering;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-09-10T09:00:00Z' });
});
const { run, record, statements, closed, read, license } = closingOf(() => metering);
const cancel = ({ customerId }: TestCustomer, startsAt: number) =>
  cancelLicense(metering.services, { operator: 'test' }, customerId, startsAt);

describe('the license of a statement', () => {
  const terms = { endsAt: at('2027-06-01T00:00:00Z') };
  const september = (day: string) => at(`2026-09-${day}T00:00:00Z`);

  it.each<[string, (customer: TestCustomer) => Promise<unknown>, Partial<Statement>]>([
    [
      'is the Free license when no paid license was set',
      (customer) => license(customer, { type: 'free' }),
      { license: { type: 'free', startsAt: september('10') + 9 * HOUR, endsAt: null }, maxMau: null, overageFee: null },
    ],
    [
      'is the license in force at the end of the month, even if this license began in the middle of the month',
      async (customer) => {
        await license(customer, { ...terms, type: 'starter', maxMau: 1 });
        await license(customer, { ...terms, type: 'enterprise', startsAt: september('20'), maxMau: 2 });
      },
      { maxMau: 2, overageMau: 8, overageFee: { amount: '0.16', currency: 'USD' } },
    ],
    [
      'can begin in the last millisecond of the month',
      (customer) =>
        license(customer, { ...terms, type: 'starter', startsAt: at('2026-09-30T23:59:59.999Z'), maxMau: 4 }),
      { maxMau: 4, overageMau: 6, overageFee: { amount: '0.48', currency: 'USD' } },
    ],
    [
      'is not a license that begins at the start of the next month',
      async (customer) => {
        await license(customer, { ...terms, type: 'starter', maxMau: 9 });
        await license(customer, { ...terms, type: 'enterprise', startsAt: at('2026-10-01T00:00:00Z'), maxMau: 2 });
      },
      { maxMau: 9, overageMau: 1, overageFee: { amount: '0.08', currency: 'USD' } },
    ],
    [
      'keeps its maximum MAU and its fee even if it expired in the middle of the month',
      (customer) => license(customer, { type: 'business', endsAt: september('15'), maxMau: 3 }),
      { maxMau: 3, overageMau: 7, overageFee: { amount: '0.35', currency: 'USD' } },
    ],
    [
      'is not a license that is set and begins after the month',
      async (customer) => {
        await license(customer, { ...terms, type: 'business', maxMau: 6 });
        metering.clock.time = at('2026-10-02T10:00:00Z');
        await license(customer, { ...terms, type: 'enterprise', maxMau: 1 });
      },
      { maxMau: 6, overageMau: 4, overageFee: { amount: '0.20', currency: 'USD' } },
    ],
    [
      'can be a license that is set after the month but begins in the month',
      async (customer) => {
        await license(customer, { ...terms, type: 'business', maxMau: 6 });
        metering.clock.time = at('2026-10-02T10:00:00Z');
        await license(customer, { ...terms, type: 'enterprise', startsAt: september('01'), maxMau: 1 });
      },
      { maxMau: 1, overageMau: 9, overageFee: { amount: '0.18', currency: 'USD' } },
    ],
    [
      'is not a license that was cancelled before it began',
      async (customer) => {
        await license(customer, { ...terms, type: 'business', maxMau: 6 });
        await license(customer, { ...terms, type: 'enterprise', startsAt: september('20'), maxMau: 1 });
        metering.clock.time = september('20') - 1;
        await cancel(customer, september('20'));
      },
      { maxMau: 6, overageMau: 4, overageFee: { amount: '0.20', currency: 'USD' } },
    ],
    [
      'can begin at the same time as a cancelled license',
      async (customer) => {
        await license(customer, { ...terms, type: 'business', startsAt: september('20'), maxMau: 6 });
        await cancel(customer, september('20'));
        await license(customer, { ...terms, type: 'enterprise', startsAt: september('20'), maxMau: 1 });
      },
      { maxMau: 1, overageMau: 9, overageFee: { amount: '0.18', currency: 'USD' } },
    ],
    [
      'causes no overage when the MAU equals the maximum MAU of the license',
      (customer) => license(customer, { ...terms, type: 'starter', maxMau: 10 }),
      { maxMau: 10, overageMau: 0, overageFee: { amount: '0.00', currency: 'USD' } },
    ],
  ])('%s', async (_, set, expected) => {
    const customer = await metering.signUp();
    const rp = await customer.rp();
    await set(customer);
    await record(rp, '2026-09', 10);
    metering.clock.time = at('2026-10-04T01:00:00Z');
    await run();
    expect((await statements(customer))[0]).toMatchObject({ month: '2026-09', mau: 10, ...expected });
  });

  it('can be a license that begins in the month and is set while the month is being closed', async () => {
    const customer = await metering.signUp();
    await record(await customer.rp(), '2026-09', 3);
    metering.clock.time = at('2026-10-04T01:00:00Z');
    const slow = anotherClient(metering.table);
    let isSet = false;
    slow.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (commandName.startsWith('TransactWrite') && !isSet) {
            isSet = true;
            await license(customer, { ...terms, type: 'starter', startsAt: september('01'), maxMau: 2 });
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    expect(await run({ on: slow })).toMatchObject({ closed: 1, complete: true });
    expect((await statements(customer))[0]).toMatchObject({ license: { type: 'starter' }, overageMau: 1 });
  });

  it.each(['closing', 'cancelling'])(
    'is not a license that is cancelled during the closing of a month, even if the %s finishes last',
    async (last) => {
      const customer = await metering.signUp();
      const startsAt = at('2026-10-04T01:00:00.001Z');
      await license(customer, { ...terms, type: 'enterprise', startsAt, maxMau: 1 });
      metering.clock.time = startsAt - 1;
      if (last === 'closing') {
        const table = meanwhile(metering.table, () => cancel(customer, startsAt));
        expect(await run({ on: table })).toMatchObject({ closed: 1, complete: true });
      } else {
        const table = meanwhile(metering.table, () => run());
        await cancelLicense({ ...metering.services, table }, { operator: 'test' }, customer.customerId, startsAt);
      }
      expect(await closed(customer)).toEqual({ '2026-09': 0 });
      expect((await read(customer)).upcomingLicenses).toEqual([]);
      metering.clock.time = at('2026-11-04T01:00:00Z');
      await run();
      expect((await statements(customer)).map(({ month, license: { type } }) => [month, type])).toEqual([
        ['2026-09', 'business'],
        ['2026-10', 'business'],
      ]);
    },
  );
});
