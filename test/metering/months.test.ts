import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCalendar } from '../../functions/domain/calendar.ts';
import { MINUTE } from '../../functions/domain/time.ts';
import { reportOperations } from '../../functions/domain/metering/report-operations.ts';
import { activeUserKey } from '../../functions/table/keys.ts';
import { readItem } from '../../functions/table/engine/reads.ts';
import { LONG } from '../support/long.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

const at = (iso: string) => Date.parse(iso);
const iso = (instant: number) => new Date(instant).toISOString();

/**
 * For each time zone, the instants at which November 2026 begins, October 2026 closes, 2027 begins, and December 2026
 * closes. The author calculated these instants by hand.
 */
const boundaries = [
  {
    timeZone: 'UTC',
    november: '2026-11-01T00:00:00.000Z',
    octoberCloses: '2026-11-04T00:00:00.000Z',
    year: '2027-01-01T00:00:00.000Z',
    decemberCloses: '2027-01-04T00:00:00.000Z',
  },
  {
    timeZone: 'Asia/Tokyo',
    november: '2026-10-31T15:00:00.000Z',
    octoberCloses: '2026-11-03T15:00:00.000Z',
    year: '2026-12-31T15:00:00.000Z',
    decemberCloses: '2027-01-03T15:00:00.000Z',
  },
  {
    timeZone: 'Asia/Kolkata',
    november: '2026-10-31T18:30:00.000Z',
    octoberCloses: '2026-11-03T18:30:00.000Z',
    year: '2026-12-31T18:30:00.000Z',
    decemberCloses: '2027-01-03T18:30:00.000Z',
  },
  {
    // Daylight saving time ends on November 1 at 02:00. November 1 has 25 hours, so October closes 73 hours after the
    // end of October.
    timeZone: 'America/New_York',
    november: '2026-11-01T04:00:00.000Z',
    octoberCloses: '2026-11-04T05:00:00.000Z',
    year: '2027-01-01T05:00:00.000Z',
    decemberCloses: '2027-01-04T05:00:00.000Z',
  },
];

/**
 * Time zones with and without daylight saving time, with offsets of half and quarter hours, with midnights that are
 * skipped or come twice, and with the largest offsets from UTC in both directions.
 */
const timeZones = [
  'UTC',
  'Asia/Tokyo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Asuncion',
  'America/Havana',
  'Atlantic/Azores',
  'Africa/Cairo',
  'Asia/Beirut',
  'Europe/London',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];
const anyZone = fc.constantFrom(...timeZones);
const anyInstant = fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2040-01-01T00:00:00Z') });
const anyMonth = fc
  .tuple(fc.integer({ min: 1995, max: 2039 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}`);
/**
 * Instants up to two hours before or after the beginning of a month. Some time zones change their clocks at midnight,
 * so these instants include such changes.
 */
const nearMonthEnd = fc
  .tuple(anyZone, anyMonth, fc.integer({ min: -120 * MINUTE, max: 120 * MINUTE }))
  .map(([timeZone, month, ms]): [string, number] => [timeZone, createCalendar(timeZone).startOf(month) + ms]);

/** Returns the local date and time of a time zone at an instant. */
function wallClock(timeZone: string, instant: number) {
  const format = new Intl.DateTimeFormat('en-CA-u-hc-h23', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const [date = '', time = ''] = format.format(instant).split(', ');
  return { date, time };
}

describe('the calendar', () => {
  it('returns the month that contains the given instant', () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(anyZone, anyInstant), nearMonthEnd), ([timeZone, instant]) => {
        const month = createCalendar(timeZone).monthOf(instant);
        const calendar = createCalendar(timeZone);
        expect(calendar.startOf(month)).toBeLessThanOrEqual(instant);
        expect(instant).toBeLessThan(calendar.endOf(month));
      }),
      { numRuns: LONG ? 400 : 100, examples: [[['America/St_Johns', at('2009-11-01T03:00:00Z')]]] },
    );
  });

  it('returns the same month for an instant, no matter which instants the calendar converted before', () => {
    const steady = new Map(timeZones.map((timeZone) => [timeZone, createCalendar(timeZone)]));
    fc.assert(
      fc.property(nearMonthEnd, ([timeZone, instant]) => {
        expect(steady.get(timeZone)?.monthOf(instant)).toBe(createCalendar(timeZone).monthOf(instant));
      }),
      { numRuns: LONG ? 400 : 100, examples: [[['America/St_Johns', at('2009-11-01T03:00:00Z')]]] },
    );
  });

  it('leaves no gap and no overlap between months', () => {
    fc.assert(
      fc.property(anyZone, anyMonth, (timeZone, month) => {
        const calendar = createCalendar(timeZone);
        const next = calendar.plus(month, 1);
        expect(calendar.endOf(month)).toBe(calendar.startOf(next));
        expect(calendar.monthOf(calendar.startOf(month))).toBe(month);
        expect(calendar.monthOf(calendar.endOf(month) - 1)).toBe(month);
        expect(calendar.plus(next, -1)).toBe(month);
      }),
      { numRuns: LONG ? 200 : 100 },
    );
  });

  it('begins a month when the 1st begins, and closes the month when the 4th of the next month begins', () => {
    fc.assert(
      fc.property(anyZone, anyMonth, (timeZone, month) => {
        const calendar = createCalendar(timeZone);
        const next = calendar.plus(month, 1);
        for (const [day, instant] of [
          [`${month}-01`, calendar.startOf(month)],
          [`${next}-04`, calendar.closingOf(month)],
        ] as const) {
          const first = wallClock(timeZone, instant);
          const before = wallClock(timeZone, instant - 1);
          expect(first.date).toBe(day);
          expect(before.date < day).toBe(true);
          // If local clocks skip midnight, the day begins at 00:30 or 01:00.
          if (before.time === '23:59:59' && first.time !== '00:00:00') expect(first.time).toMatch(/^(00:30|01:00):00$/);
          else expect(first.time).toBe('00:00:00');
        }
      }),
      { numRuns: LONG ? 300 : 100 },
    );
  });

  it.each([
    [
      'begins October 2017 at 01:00',
      'America/Asuncion',
      createCalendar('America/Asuncion').startOf('2017-10'),
      '2017-10-01T04:00:00.000Z',
    ],
    [
      'closes October 2018 at 01:00',
      'America/Sao_Paulo',
      createCalendar('America/Sao_Paulo').closingOf('2018-10'),
      '2018-11-04T03:00:00.000Z',
    ],
    [
      'begins November 2026 at the first of two midnights',
      'America/Havana',
      createCalendar('America/Havana').startOf('2026-11'),
      '2026-11-01T04:00:00.000Z',
    ],
    [
      'begins November 2009 at the first of two midnights',
      'America/St_Johns',
      createCalendar('America/St_Johns').startOf('2009-11'),
      '2009-11-01T02:30:00.000Z',
    ],
  ])('%s in %s', (_, __, instant, expected) => {
    expect(iso(instant)).toBe(expected);
  });

  it('stays in the new month when local clocks are set back into the previous month', () => {
    // At 00:01 on November 1, 2009, clocks in St John's were put back to 23:01.
    const calendar = createCalendar('America/St_Johns');
    const first = at('2009-11-01T02:30:00Z');
    expect([-1, 0, 30 * MINUTE, 60 * MINUTE].map((ms) => calendar.monthOf(first + ms))).toEqual([
      '2009-10',
      '2009-11',
      '2009-11',
      '2009-11',
    ]);
  });

  it.each(boundaries)('begins and closes months at the exact millisecond in $timeZone', (zone) => {
    const calendar = createCalendar(zone.timeZone);
    const [november, octoberCloses, year, decemberCloses] = [
      at(zone.november),
      at(zone.octoberCloses),
      at(zone.year),
      at(zone.decemberCloses),
    ];
    expect([november - 1, november].map((instant) => calendar.monthOf(instant))).toEqual(['2026-10', '2026-11']);
    expect([year - 1, year].map((instant) => calendar.monthOf(instant))).toEqual(['2026-12', '2027-01']);
    expect([november - 1, november, octoberCloses - 1, octoberCloses].map((now) => calendar.openMonths(now))).toEqual([
      ['2026-10'],
      ['2026-10', '2026-11'],
      ['2026-10', '2026-11'],
      ['2026-11'],
    ]);
    expect([year - 1, year, decemberCloses - 1, decemberCloses].map((now) => calendar.openMonths(now))).toEqual([
      ['2026-12'],
      ['2026-12', '2027-01'],
      ['2026-12', '2027-01'],
      ['2027-01'],
    ]);
    expect([octoberCloses - 1, octoberCloses].map((now) => iso(calendar.firstOpenInstant(now)))).toEqual([
      iso(calendar.startOf('2026-10')),
      zone.november,
    ]);
    expect(iso(calendar.closingOf('2026-10'))).toBe(zone.octoberCloses);
    expect(iso(calendar.closingOf('2026-12'))).toBe(zone.decemberCloses);
  });

  it.each(['', 'Mars/Olympus', 'UTC+25'])('refuses the time zone "%s"', (timeZone) => {
    expect(() => createCalendar(timeZone)).toThrow(RangeError);
  });
});

describe('an operation', () => {
  let metering: Metering;
  let customer: Awaited<ReturnType<Metering['signUp']>>;
  beforeAll(async () => {
    metering = await openMetering();
    customer = await metering.signUp();
  });

  /**
   * Registers an RP. Returns the calendar of a time zone, and a function that reports operations at the RP and uses
   * this calendar.
   */
  async function open(timeZone: string) {
    const rp = await customer.rp();
    let users = 0;
    const calendar = createCalendar(timeZone);
    const services = { ...metering.process(metering.table), calendar };
    return {
      calendar,
      /**
       * Registers a user and reports an operation of this user with the time `occurredAt`, in a request that began at
       * `receivedAt`. Returns an array. The first element is the status of the operation or, if the operation was
       * rejected, the reason. If the user was counted, the next element is the month in which the user was counted.
       */
      async report(occurredAt: number | undefined, receivedAt: number) {
        const userId = `user-${(users += 1)}`;
        await metering.register(rp, [userId]);
        const operation = { userId, type: 'authentication' as const, ...(occurredAt !== undefined && { occurredAt }) };
        const [result] = await reportOperations(services, rp, { operations: [operation] }, receivedAt);
        const months = ['2026-09', '2026-10', '2026-11', '2026-12', '2027-01'];
        const items = await Promise.all(
          months.map((month) => readItem(metering.table, activeUserKey(rp.rpRef, month, userId), 'strong')),
        );
        return [result?.reason ?? result?.status, ...months.filter((_, index) => items[index])];
      },
    };
  }

  describe.each(boundaries)('in $timeZone', (zone) => {
    let rp: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      rp = await open(zone.timeZone);
    });

    it.each([
      ['2026-10', '2026-11', at(zone.november)],
      ['2026-12', '2027-01', at(zone.year)],
    ])(
      'counts for %s until the last millisecond of the month, and for %s from the next millisecond on',
      async (ends, begins, boundary) => {
        const later = boundary + 60 * MINUTE;
        expect(await rp.report(boundary - 1, later)).toEqual(['counted', ends]);
        expect(await rp.report(boundary, later)).toEqual(['counted', begins]);
        expect(await rp.report(undefined, boundary - 1)).toEqual(['counted', ends]);
        expect(await rp.report(undefined, boundary)).toEqual(['counted', begins]);
      },
    );

    it.each([
      ['2026-10', '2026-11', at(zone.november), at(zone.octoberCloses)],
      ['2026-12', '2027-01', at(zone.year), at(zone.decemberCloses)],
    ])(
      'counts for %s only if the request begins before the 4th of the next month',
      async (closes, stays, boundary, closing) => {
        // The clock of the service is already past the closing of the month, but only the time when the request began
        // matters.
        metering.clock.time = closing + MINUTE;
        expect(await rp.report(boundary - 1, closing - 1)).toEqual(['counted', closes]);
        expect(await rp.report(boundary - 1, closing)).toEqual(['month-closed']);
        expect(await rp.report(boundary, closing)).toEqual(['counted', stays]);
      },
    );

    it('is rejected if the month of the operation is closed', async () => {
      expect(await rp.report(rp.calendar.startOf('2026-10') - 1, at(zone.november))).toEqual(['month-closed']);
      expect(await rp.report(0, at(zone.november))).toEqual(['month-closed']);
    });

    it('counts if its time is at most 5 minutes in the future, even if this time is in the next month or year', async () => {
      for (const [ends, begins, boundary] of [
        ['2026-10', '2026-11', at(zone.november)],
        ['2026-12', '2027-01', at(zone.year)],
      ] as const) {
        const before = boundary - 20 * MINUTE;
        expect(await rp.report(before + 5 * MINUTE, before)).toEqual(['counted', ends]);
        expect(await rp.report(before + 5 * MINUTE + 1, before)).toEqual(['in-the-future']);
        expect(await rp.report(boundary + 3 * MINUTE, boundary - 2 * MINUTE)).toEqual(['counted', begins]);
        expect(await rp.report(boundary + 3 * MINUTE + 1, boundary - 2 * MINUTE)).toEqual(['in-the-future']);
        expect(await rp.report(boundary - 1 + 5 * MINUTE, boundary - 1)).toEqual(['counted', begins]);
      }
    });
  });

  it('creates an active-user record that stores the time of the earliest operation in the request and expires 13 months after the month ends', async () => {
    const rp = await customer.rp();
    await metering.register(rp, ['user-1']);
    const now = at('2026-11-20T12:00:00Z');
    const operations = [3, 9, 5].map((minutes) => ({
      userId: 'user-1',
      type: 'authentication' as const,
      occurredAt: now - minutes * MINUTE,
    }));
    await reportOperations(metering.process(), rp, { operations }, now);
    const record = await readItem(metering.table, activeUserKey(rp.rpRef, '2026-11', 'user-1'), 'strong');
    expect(record).toMatchObject({
      customerId: customer.customerId,
      firstOperationAt: now - 9 * MINUTE,
      ttl: at('2028-01-01T00:00:00Z') / 1_000,
    });
  });
});
