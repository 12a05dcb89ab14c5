import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelLicense } from '../../functions/domain/licenses/cancel-license.ts';
import { closeMonth } from '../../functions/domain/statements/close-month.ts';
import { InvalidInputError, LicenseLimitReachedError, NotFoundError } from '../../functions/domain/errors.ts';
import { licenseInForce } from '../../functions/domain/licenses/license.ts';
import { setLicense, type NewLicense } from '../../functions/domain/licenses/set-license.ts';
import { showCustomer } from '../../functions/domain/operator/show-customer.ts';
import { DAY, toIso } from '../../functions/domain/time.ts';
import { readLicenses } from '../../functions/table/licenses.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient } from '../support/table-faults.ts';

let metering: Metering;
beforeAll(async () => {
  metering = await openMetering();
});
let owner: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  owner = await metering.signUp();
  metering.clock.time += DAY;
  metering.lines.length = 0;
});

const change = (wanted: NewLicense, on = metering.services) =>
  setLicense(on, { operator: 'olga' }, owner.customerId, wanted);
const set = async (wanted: NewLicense, on = metering.services) => (await change(wanted, on)).license;
const inForce = async (at = metering.clock.now()) => licenseInForce((await owner.caller()).customer, at);
const inDays = (days: number) => metering.clock.now() + days * DAY;

describe('setting a license', () => {
  it('puts a license in force at once if the license starts now, and logs the change', async () => {
    const before = await inForce();
    const added = await set({ type: 'enterprise', endsAt: inDays(30), maxMau: 5 });
    expect(added).toMatchObject({ type: 'enterprise', startsAt: metering.clock.now(), endsAt: inDays(30), maxMau: 5 });
    expect(await inForce()).toEqual(added);
    expect(metering.lines).toEqual([
      {
        level: 'info',
        message: 'change',
        fields: { actor: { operator: 'olga' }, what: 'license', customerId: owner.customerId, before, after: added },
      },
    ]);
  });

  it('leaves the current license in force until the millisecond in which the new license starts', async () => {
    await set({ type: 'enterprise', startsAt: inDays(2), endsAt: inDays(30) });
    expect((await inForce()).type).toBe('business');
    expect((await inForce(inDays(2) - 1)).type).toBe('business');
    expect((await inForce(inDays(2))).type).toBe('enterprise');
  });

  it('keeps superseded licenses in the table and marks them as superseded', async () => {
    await set({ type: 'starter', endsAt: inDays(30) });
    metering.clock.time += DAY;
    await set({ type: 'enterprise', startsAt: inDays(-1) - 5, endsAt: inDays(30) });
    const licenses = await readLicenses(metering.table, owner.customerId);
    expect(licenses.map(({ type, supersededAt }) => [type, supersededAt])).toEqual([
      // The list lacks the Free license of the sign-up, because the Business license with the same start replaced the
      // Free license.
      ['business', undefined],
      ['enterprise', undefined],
      ['starter', metering.clock.now()],
    ]);
    expect((await inForce()).type).toBe('enterprise');
  });

  it('increases licenseVersion, but not version, in the customer item', async () => {
    const { licenseVersion, version } = (await owner.caller()).customer;
    await set({ type: 'starter', endsAt: inDays(30) });
    expect((await owner.caller()).customer).toMatchObject({ licenseVersion: licenseVersion + 1, version });
  });

  it('keeps all licenses if three commands set one license each at the same time', async () => {
    const other = { ...metering.services, table: anotherClient(metering.table) };
    await Promise.all([
      set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30) }),
      set({ type: 'enterprise', startsAt: inDays(2), endsAt: inDays(30) }, other),
      set({ type: 'business', startsAt: inDays(3), endsAt: inDays(30) }),
    ]);
    expect(await Promise.all([0, 1, 2, 3].map(async (days) => (await inForce(inDays(days))).type))).toEqual([
      'business',
      'starter',
      'enterprise',
      'business',
    ]);
  });

  it.each(['GetItemCommand', 'QueryCommand'])(
    'keeps a license that another process sets while the %s is delayed',
    async (late) => {
      const table = anotherClient(metering.table);
      let isFirst = true;
      table.client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            if (commandName === late && isFirst) {
              isFirst = false;
              // Only the command `late` waits here. If the code sends the GetItem and the Query at the same time, the
              // command that does not wait ends during these 50 ms.
              await sleep(50);
              await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30) });
            }
            return next(args);
          },
        { step: 'initialize' },
      );
      await set({ type: 'enterprise', startsAt: inDays(2), endsAt: inDays(30) }, { ...metering.services, table });
      expect(isFirst).toBe(false);
      expect(await Promise.all([0, 1, 2].map(async (days) => (await inForce(inDays(days))).type))).toEqual([
        'business',
        'starter',
        'enterprise',
      ]);
    },
  );

  it('fails if the license would be the sixth upcoming license', async () => {
    for (let days = 1; days <= 5; days += 1) await set({ type: 'starter', startsAt: inDays(days), endsAt: inDays(9) });
    await expect(set({ type: 'starter', startsAt: inDays(6), endsAt: inDays(9) })).rejects.toThrow(InvalidInputError);
    // The service accepts a license that replaces an upcoming license or starts now, because the customer then still
    // has only five upcoming licenses.
    await set({ type: 'enterprise', startsAt: inDays(5), endsAt: inDays(9) });
    await set({ type: 'enterprise', endsAt: inDays(9) });
    metering.clock.time += DAY;
    await set({ type: 'starter', startsAt: inDays(6), endsAt: inDays(9) });
  });

  it.each<[string, () => NewLicense, string, string]>([
    [
      'a license that ends before it starts',
      () => ({ type: 'starter', startsAt: inDays(2), endsAt: inDays(1) }),
      '#/endsAt',
      'end-not-after-start',
    ],
    [
      'a license that ends when it starts',
      () => ({ type: 'starter', startsAt: inDays(2), endsAt: inDays(2) }),
      '#/endsAt',
      'end-not-after-start',
    ],
    ['a paid license without an end', () => ({ type: 'starter' }), '#/endsAt', 'end-required'],
    ['a Free license with an end', () => ({ type: 'free', endsAt: inDays(2) }), '#/endsAt', 'end-on-free'],
    [
      'a Free license that starts in the future',
      () => ({ type: 'free', startsAt: inDays(1) }),
      '#/startsAt',
      'start-later-on-free',
    ],
    ['a Free license with a maximum MAU', () => ({ type: 'free', maxMau: 5 }), '#/maxMau', 'maximum-not-in-license'],
    [
      'a paid license with a maximum of users',
      () => ({ type: 'starter', endsAt: inDays(2), maxRegisteredUsers: 5 }),
      '#/maxRegisteredUsers',
      'maximum-not-in-license',
    ],
  ])('fails for %s', async (_, wanted, pointer, code) => {
    await expect(set(wanted())).rejects.toMatchObject({
      name: 'InvalidInputError',
      errors: [expect.objectContaining({ pointer, code }) as unknown],
    });
    expect((await inForce()).type).toBe('business');
  });

  it('fails for a Free license only if the customer has more RPs or users than this license allows', async () => {
    const rp = await owner.rp();
    await metering.register(rp, ['user-1', 'user-2', 'user-3']);
    await expect(set({ type: 'free', maxRegisteredUsers: 2 })).rejects.toMatchObject({
      name: 'LicenseLimitReachedError',
      limit: 'registered-users',
      max: 2,
      current: 3,
      licenseType: 'free',
    });
    await set({ type: 'free', maxRegisteredUsers: 3 });
    await set({ type: 'business', endsAt: inDays(9) });
    await owner.rp();
    await expect(set({ type: 'free' })).rejects.toThrow(LicenseLimitReachedError);
    await set({ type: 'free', maxRegisteredRps: 2 });
  });

  it('fails for a customer that does not exist', async () => {
    const wanted: NewLicense = { type: 'starter', endsAt: inDays(9) };
    await expect(setLicense(metering.services, { operator: 'olga' }, 'cus_none', wanted)).rejects.toThrow(
      NotFoundError,
    );
  });

  it('adds the license, without its key attributes, to the licenses that the operator sees', async () => {
    await set({ type: 'starter', endsAt: inDays(9) });
    const shown = await showCustomer(metering.services, owner.customerId);
    expect(shown.licenses.map(({ type, superseded }) => [type, superseded])).toEqual([
      ['business', false],
      ['starter', false],
    ]);
    expect(JSON.stringify(shown)).not.toMatch(/"(pk|sk|finderPk|finderSk)"/);
  });

  it('lets the operator see when each past license stopped being in force', async () => {
    const untils = async () => {
      const { licenses } = await showCustomer(metering.services, owner.customerId);
      return licenses.map(({ type, state, inForceUntil }) => [type, state, inForceUntil]);
    };
    // A cancelled or superseded license does not end the license before it.
    await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(9) });
    await cancelLicense(metering.services, { operator: 'olga' }, owner.customerId, inDays(1));
    const superseded = inDays(2);
    await set({ type: 'starter', startsAt: superseded, endsAt: inDays(9) });
    metering.clock.time = superseded + 2 * DAY;
    const starter = { startsAt: superseded + DAY, endsAt: superseded + 3 * DAY };
    await set({ type: 'starter', ...starter });
    const enterprise = { startsAt: superseded - 5, endsAt: superseded + 5 * DAY };
    await set({ type: 'enterprise', ...enterprise });
    expect(await untils()).toEqual([
      ['business', 'past', toIso(enterprise.startsAt)],
      ['starter', 'cancelled', null],
      ['enterprise', 'in-force', null],
      ['starter', 'superseded', null],
      ['starter', 'superseded', null],
    ]);
    // A license that expired before the next license started was in force only until its own end.
    metering.clock.time = enterprise.endsAt + DAY;
    await set({ type: 'business', endsAt: inDays(9) });
    await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(9) });
    expect((await untils()).map(([, , until]) => until)).toEqual([
      ...[toIso(enterprise.startsAt), null, toIso(enterprise.endsAt), null, null, null, null],
    ]);
  });

  it('returns the replaced licenses and the licenses that stay in force until the new license starts', async () => {
    const signedUp = await inForce();
    const first = await change({ type: 'starter', startsAt: inDays(-0.5), endsAt: inDays(9) });
    expect(first).toMatchObject({ takesPlaceOf: [signedUp], untilThen: [], endedPaid: undefined });
    // `corrected` has the same start as `first`. `corrected` replaces only `first`, because `first` has already
    // replaced `signedUp`.
    const corrected = await change({ type: 'enterprise', startsAt: inDays(-0.5), endsAt: inDays(9) });
    expect(corrected).toMatchObject({ takesPlaceOf: [first.license], untilThen: [] });
    const earlier = await change({ type: 'starter', startsAt: inDays(-0.7), endsAt: inDays(9) });
    expect(earlier).toMatchObject({ takesPlaceOf: [signedUp, corrected.license], untilThen: [] });

    const second = await change({ type: 'business', startsAt: inDays(2), endsAt: inDays(9) });
    expect(second).toMatchObject({ takesPlaceOf: [], untilThen: [earlier.license] });
    const third = await change({ type: 'starter', startsAt: inDays(3), endsAt: inDays(9) });
    expect(third).toMatchObject({ takesPlaceOf: [], untilThen: [earlier.license, second.license] });
    const anew = await change({ type: 'business', startsAt: inDays(3), endsAt: inDays(9) });
    expect(anew).toMatchObject({ takesPlaceOf: [third.license], untilThen: [earlier.license, second.license] });
    const cancelled = await cancelLicense(metering.services, { operator: 'olga' }, owner.customerId, inDays(3));
    expect(cancelled).toMatchObject({ license: anew.license, goesOn: second.license });
  });

  it('returns the last billed month if a Free license replaces a paid license', async () => {
    const { clock, services } = metering;
    clock.time = Date.parse('2027-03-20T12:00:00Z');
    owner = await metering.signUp();
    await set({ type: 'free' });
    const lastBilled = async (wanted: Partial<NewLicense> = {}) =>
      (await change({ type: 'free', ...wanted })).endedPaid?.lastBilled;
    expect(await lastBilled()).toBeUndefined(); // No paid license ends.
    await set({ type: 'starter', endsAt: inDays(900) });
    expect(await lastBilled()).toBeUndefined(); // No month ends with a paid license.
    await set({ type: 'starter', startsAt: inDays(-1), endsAt: inDays(900) });
    clock.time = Date.parse('2027-04-10T12:00:00Z');
    await set({ type: 'business', endsAt: inDays(900) });
    expect(await lastBilled()).toEqual({ month: '2027-03', type: 'starter' }); // The service has closed no month yet.

    // The customer has the Free license at the end of April, and a paid license only on some days of May, so no month
    // is billed.
    clock.time = Date.parse('2027-05-10T12:00:00Z');
    await set({ type: 'business', endsAt: inDays(900) });
    const ended = (await change({ type: 'free' })).endedPaid;
    expect(ended).toMatchObject({ license: { type: 'business' }, lastBilled: undefined });
    // April was closed with the Free license. A paid license that starts in April but is set after April was closed
    // does not change the statement of April.
    for (const month of ['2027-03', '2027-04']) {
      await closeMonth(services, (await owner.caller()).customer, month);
    }
    await set({ type: 'business', startsAt: Date.parse('2027-04-20T00:00:00Z'), endsAt: inDays(900) });
    expect(await lastBilled()).toBeUndefined();
    // May was closed with a paid license. A Free license that starts in May but is set after May was closed does not
    // change the statement of May.
    await set({ type: 'business', endsAt: inDays(900) });
    clock.time = Date.parse('2027-06-10T12:00:00Z');
    await closeMonth(services, (await owner.caller()).customer, '2027-05');
    expect(await lastBilled({ startsAt: Date.parse('2027-05-05T00:00:00Z') })).toMatchObject({
      month: '2027-05',
      type: 'business',
    });
  });
});
