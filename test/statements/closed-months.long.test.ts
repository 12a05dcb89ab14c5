import { beforeEach, describe, expect, it } from 'vitest';
import { closeMonth } from '../../functions/domain/statements/close-month.ts';
import { createCalendar } from '../../functions/domain/calendar.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { closingOf } from '../support/metering/closing.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, watchAttempts } from '../support/table-faults.ts';

const at = (iso: string) => Date.parse(iso);
let metering: Metering;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-09-10T09:00:00Z' });
});
const { run, record, statements, closed, read, license, setStatus } = closingOf(() => metering);

describe('a month', () => {
  it('is closed at 00:05 on the 4th of the next month, with the MAU of each RP', async () => {
    const customer = await metering.signUp();
    await license(customer, { type: 'business', endsAt: at('2027-01-01T00:00:00Z'), maxMau: 5 });
    const [shop, blog] = [await customer.rp(), await customer.rp()];
    const idle = await customer.rp();
    await record(shop, '2026-09', 7);
    await record(blog, '2026-09', 2);
    await record(shop, '2026-10', 4);

    metering.clock.time = at('2026-10-04T00:05:00Z') - 1;
    expect(await run()).toEqual({ through: '2026-08', closed: 0, complete: true });
    expect(await statements(customer)).toEqual([]);
    metering.clock.time += 1;
    expect(await run()).toEqual({ through: '2026-09', closed: 1, complete: true });
    const [statement, ...others] = await statements(customer);
    expect(others).toEqual([]);
    expect(statement).toMatchObject({
      customerId: customer.customerId,
      month: '2026-09',
      timeZone: 'UTC',
      closedAt: at('2026-10-04T00:05:00Z'),
      license: { type: 'business', startsAt: at('2026-09-10T09:00:00Z'), endsAt: at('2027-01-01T00:00:00Z') },
      mau: 9,
      maxMau: 5,
      overageMau: 4,
      overageFee: { amount: '0.20', currency: 'USD' },
    });
    expect(statement?.rps).toEqual({ [shop.rpRef]: 7, [blog.rpRef]: 2 });
    expect(Object.keys(statement?.rps ?? {})).not.toContain(idle.rpRef);
    expect(metering.lines).toContainEqual({
      level: 'info',
      message: 'month closed',
      fields: expect.objectContaining({ customerId: customer.customerId, month: '2026-09', mau: 9 }) as unknown,
    });
  });

  it.each([
    // Daylight saving time ends on November 1, so November 4 begins 73 hours after the end of October.
    ['America/New_York', '2026-10', '2026-11-04T05:05:00Z'],
    ['America/New_York', '2026-02', '2026-03-04T05:05:00Z'],
    // Clocks are moved forward by half an hour on October 4.
    ['Australia/Lord_Howe', '2026-09', '2026-10-03T13:35:00Z'],
    ['Asia/Kolkata', '2026-12', '2027-01-03T18:35:00Z'],
    ['Pacific/Kiritimati', '2026-10', '2026-11-03T10:05:00Z'],
  ])(
    'is closed in local time: in the time zone %s, the month %s is closed at %s',
    async (timeZone, month, closesAt) => {
      const calendar = createCalendar(timeZone);
      metering = await openMetering({ now: new Date(calendar.startOf(month)).toISOString(), timeZone });
      const customer = await metering.signUp();
      await record(await customer.rp(), month, 2);
      metering.clock.time = at(closesAt) - 1;
      await run();
      expect(await closed(customer)).toEqual({});
      metering.clock.time = at(closesAt);
      await run();
      expect(await closed(customer)).toEqual({ [month]: 2 });
      expect((await statements(customer))[0]).toMatchObject({ timeZone });
    },
  );

  it('is closed by a later run if earlier runs missed it, but is never closed if it ended before the customer signed up', async () => {
    const early = await metering.signUp();
    const rp = await early.rp();
    metering.clock.time = at('2026-11-30T23:59:59.999Z');
    const late = await metering.signUp();
    for (const [index, month] of ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'].entries()) {
      await record(rp, month, index + 1);
    }
    metering.clock.time += 40 * DAY;
    expect(await run()).toEqual({ through: '2026-12', closed: 6, complete: true });
    expect(await closed(early)).toEqual({ '2026-09': 2, '2026-10': 3, '2026-11': 4, '2026-12': 5 });
    expect(await closed(late)).toEqual({ '2026-11': 0, '2026-12': 0 });
    expect((await read(early)).closedThrough).toBe('2026-12');

    metering.clock.time = at('2027-02-04T00:05:00Z');
    expect(await run()).toEqual({ through: '2027-01', closed: 2, complete: true });
    expect(await closed(early)).toMatchObject({ '2027-01': 6 });
  });

  it('has a statement that includes removed RPs and RPs registered between the end and the closing of the month', async () => {
    const customer = await metering.signUp();
    const removed = await customer.rp();
    await record(removed, '2026-09', 3);
    await customer.removeRp(removed.rpRef);
    metering.clock.time = at('2026-10-03T23:59:59.999Z');
    const young = await customer.rp();
    await record(young, '2026-09', 2); // late operations whose times are before the registration of the RP
    metering.clock.time += 1;
    const younger = await customer.rp();
    await record(younger, '2026-10', 1);
    metering.clock.time += HOUR;
    await run();
    expect((await statements(customer))[0]?.rps).toEqual({ [removed.rpRef]: 3, [young.rpRef]: 2 });
  });

  it('is closed without counting RPs that were removed before the month began', async () => {
    const customer = await metering.signUp();
    const [before, after] = [await customer.rp(), await customer.rp()];
    /** Removes an RP `before` milliseconds before November. */
    async function remove(rp: string, before: number) {
      metering.clock.time = at('2026-11-01T00:00:00Z') - before;
      await customer.removeRp(rp);
    }
    // An RP's clock may be 5 minutes ahead, a process accepts a cached API key for 10 seconds, and a request lasts at
    // most 30 seconds. So an RP that was removed at most 5 minutes and 40 seconds before November can have operations
    // in November.
    await remove(before.rpRef, 5 * MINUTE + 40_001);
    await remove(after.rpRef, 5 * MINUTE + 40_000);
    await record(before, '2026-10', 2);
    await record(after, '2026-11', 1);
    const counted = new Set<string>();
    const on = watchAttempts(anotherClient(metering.table), ({ input }) => {
      if (!('ProjectionExpression' in input)) return;
      const [, rp = '', month = ''] = /(rp_\w+)#(\d{4}-\d\d)/.exec(JSON.stringify(input)) ?? [];
      counted.add(`${rp} ${month}`);
    });
    metering.clock.time = at('2027-01-05T00:00:00Z');
    await run({ on });
    expect(await closed(customer)).toMatchObject({ '2026-10': 2, '2026-11': 1, '2026-12': 0 });
    const months = (rp: string) => [...counted].filter((name) => name.startsWith(rp)).map((name) => name.slice(-7));
    expect(months(before.rpRef)).toEqual(['2026-09', '2026-10']);
    expect(months(after.rpRef)).toEqual(['2026-09', '2026-10', '2026-11']);
  });

  it('is closed for a provisional customer, but not for an unsubscribing customer', async () => {
    const [active, provisional, unsubscribing] = [
      await metering.signUp(),
      await metering.signUp(),
      await metering.signUp(),
    ];
    await setStatus(provisional, 'provisional');
    await setStatus(unsubscribing, 'unsubscribing');
    metering.clock.time += 40 * DAY;
    expect(await run()).toMatchObject({ closed: 2, complete: true });
    expect([await closed(active), await closed(provisional), await closed(unsubscribing)]).toEqual([
      { '2026-09': 0 },
      { '2026-09': 0 },
      {},
    ]);
  });

  it('is closed early for an unsubscribing customer, with the license in force at the early closing', async () => {
    const customer = await metering.signUp();
    await license(customer, {
      type: 'starter',
      startsAt: at('2026-09-20T00:00:00Z'),
      endsAt: at('2027-01-01T00:00:00Z'),
    });
    await record(await customer.rp(), '2026-09', 2);
    await setStatus(customer, 'unsubscribing');
    const statement = await closeMonth(metering.services, await read(customer), '2026-09');
    expect(statement).toMatchObject({ mau: 2, license: { type: 'business' } });
    expect(await closed(customer)).toEqual({ '2026-09': 2 });
  });
});
