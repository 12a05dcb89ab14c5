import { beforeEach, describe, expect, it } from 'vitest';
import { closeMonths } from '../../functions/domain/statements/close-months.ts';
import { unsubscribeObstacle } from '../../functions/domain/licenses/unsubscribe-obstacle.ts';
import { DAY, MINUTE } from '../../functions/domain/time.ts';
import { setLicense, type NewLicense } from '../../functions/domain/licenses/set-license.ts';
import { readAllStatements } from '../../functions/table/statements.ts';
import { openMetering, type Metering } from '../support/metering.ts';

const at = (iso: string) => Date.parse(iso);
const endsAt = at('2028-01-01T00:00:00Z');
let metering: Metering;
let owner: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-08-10T00:00:00Z' });
  owner = await metering.signUp();
});

describe.each(['in time', 'a week late'])('who was paid, and whose months are closed %s, may leave', (closes) => {
  /** What was set, at which times; and the last month by whose end the license was a paid one. */
  it.each<[string, [setAt: string, license: NewLicense][], lastPaid: string | undefined]>([
    ['at once, when no month ended with it', [['2026-08-20T00:00:00Z', { type: 'free' }]], undefined],
    [
      'at once, when it was Free at the end of each month',
      [
        ['2026-08-20T00:00:00Z', { type: 'free' }],
        ['2026-10-03T00:00:00Z', { type: 'starter', endsAt }],
        ['2026-10-06T00:00:00Z', { type: 'free' }],
      ],
      undefined,
    ],
    ['after its last paid month', [['2026-10-01T00:00:00Z', { type: 'free' }]], '2026-09'],
    ['after the month before the one of the move', [['2026-10-31T23:59:59.999Z', { type: 'free' }]], '2026-09'],
    [
      'after the last of several paid times',
      [
        ['2026-09-01T00:00:00Z', { type: 'free' }],
        ['2026-09-15T00:00:00Z', { type: 'starter', endsAt }],
        ['2026-10-02T00:00:00Z', { type: 'free' }],
        ['2026-10-02T01:00:00Z', { type: 'free' }],
      ],
      '2026-09',
    ],
    [
      'after a paid license that was to start later, did, and ended',
      [
        ['2026-09-01T00:00:00Z', { type: 'free' }],
        ['2026-09-01T00:00:00Z', { type: 'starter', startsAt: at('2026-09-20T00:00:00Z'), endsAt }],
        ['2026-10-02T00:00:00Z', { type: 'free' }],
      ],
      '2026-09',
    ],
    [
      'after a paid license that expired before',
      [
        ['2026-08-20T00:00:00Z', { type: 'starter', endsAt: at('2026-09-10T00:00:00Z') }],
        ['2026-10-02T00:00:00Z', { type: 'free' }],
      ],
      '2026-09',
    ],
    [
      'after the month that a correction left paid',
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
    // Not before the statement of that month is there, nor for a week in which it is exported; 6 days when it was late.
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
