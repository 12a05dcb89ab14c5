import { beforeEach, describe, expect, it } from 'vitest';
import { closeMonths } from '../../functions/domain/statements/close-months.ts';
import { unsubscribeObstacle } from '../../functions/domain/licenses/unsubscribe-obstacle.ts';
import { DAY, MINUTE } from '../../functions/domain/time.ts';
import { setLicense, type NewLicense } from '../../functions/domain/licenses/set-license.ts';
import { readAllStatements } from '../../functions/table/metering/statements.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

const at = (iso: string) => Date.parse(iso);
const endsAt = at('2028-01-01T00:00:00Z');
let metering: Metering;
let owner: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-08-10T00:00:00Z' });
  owner = await metering.signUp();
});

describe.each(['in time', 'a week late'])('if months close %s, a former paying customer can unsubscribe', (closes) => {
  /**
   * Each case lists the licenses, the times when the operator sets the licenses, and the last month that ends with a
   * paid license in force, or undefined if there is no such month.
   */
  it.each<[string, [setAt: string, license: NewLicense][], lastPaid: string | undefined]>([
    ['at once if no month ended with a paid license', [['2026-08-20T00:00:00Z', { type: 'free' }]], undefined],
    [
      'at once if the license was Free at the end of each month',
      [
        ['2026-08-20T00:00:00Z', { type: 'free' }],
        ['2026-10-03T00:00:00Z', { type: 'starter', endsAt }],
        ['2026-10-06T00:00:00Z', { type: 'free' }],
      ],
      undefined,
    ],
    ['after the last paid month', [['2026-10-01T00:00:00Z', { type: 'free' }]], '2026-09'],
    [
      'after the last month that ended before the change to Free',
      [['2026-10-31T23:59:59.999Z', { type: 'free' }]],
      '2026-09',
    ],
    [
      'after the last paid month if there were several paid licenses',
      [
        ['2026-09-01T00:00:00Z', { type: 'free' }],
        ['2026-09-15T00:00:00Z', { type: 'starter', endsAt }],
        ['2026-10-02T00:00:00Z', { type: 'free' }],
        ['2026-10-02T01:00:00Z', { type: 'free' }],
      ],
      '2026-09',
    ],
    [
      'after the last paid month if the paid license was set before its start',
      [
        ['2026-09-01T00:00:00Z', { type: 'free' }],
        ['2026-09-01T00:00:00Z', { type: 'starter', startsAt: at('2026-09-20T00:00:00Z'), endsAt }],
        ['2026-10-02T00:00:00Z', { type: 'free' }],
      ],
      '2026-09',
    ],
    [
      'after the last paid month even if the paid license expired earlier',
      [
        ['2026-08-20T00:00:00Z', { type: 'starter', endsAt: at('2026-09-10T00:00:00Z') }],
        ['2026-10-02T00:00:00Z', { type: 'free' }],
      ],
      '2026-09',
    ],
    [
      'after the last paid month according to the corrected licenses',
      [
        ['2026-10-02T00:00:00Z', { type: 'free' }],
        ['2026-10-02T01:00:00Z', { type: 'business', startsAt: at('2026-08-15T00:00:00Z'), endsAt }],
        ['2026-10-02T02:00:00Z', { type: 'free', startsAt: at('2026-09-02T00:00:00Z') }],
      ],
      '2026-08',
    ],
  ])('%s', async (_, licenses, lastPaid) => {
    const { services, clock, table } = metering;
    for (const [setAt, license] of licenses) {
      clock.time = at(setAt);
      await setLicense(services, { operator: 'test' }, owner.customerId, license);
    }
    const moved = clock.time;
    const why = async () => unsubscribeObstacle((await owner.caller()).customer, clock.time);
    if (lastPaid === undefined) {
      expect(await why()).toBeUndefined();
      return;
    }
    // The customer cannot unsubscribe before the last paid month is closed, nor in the week in which the operator
    // exports the statement. If the service closes the month late, the operator has 6 days to export the statement
    // after the service closes the month.
    const inTime = services.calendar.closingOf(lastPaid) + 5 * MINUTE;
    const week = services.calendar.closingOf(lastPaid) + 7 * DAY;
    clock.time = Math.max(moved, closes === 'in time' ? inTime : week);
    const until = Math.max(week, clock.time + 6 * DAY);
    expect(await why()).toEqual({ by: 'last-bill', month: lastPaid, until: week });
    await closeMonths(services, () => true);
    clock.time = until - 1;
    expect(await why()).toEqual({ by: 'last-bill', month: lastPaid, until });
    clock.time = until;
    expect(await why()).toBeUndefined();
    const statements = await readAllStatements(table, owner.customerId);
    const paid = statements.filter(({ license }) => license.type !== 'free').map(({ month }) => month);
    expect(paid.at(-1)).toBe(lastPaid);
  });
});
