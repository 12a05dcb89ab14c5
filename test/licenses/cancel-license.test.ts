import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancelLicense } from '../../functions/domain/licenses/cancel-license.ts';
import { endCustomer } from '../../functions/domain/leaving/end-customer.ts';
import { InvalidInputError, LicenseLimitReachedError, NotFoundError } from '../../functions/domain/errors.ts';
import { licenseInForce } from '../../functions/domain/licenses/license.ts';
import { registerRp } from '../../functions/domain/rps/register-rp.ts';
import { setLicense, type NewLicense } from '../../functions/domain/licenses/set-license.ts';
import { showCustomer } from '../../functions/domain/operator/show-customer.ts';
import { DAY, toIso } from '../../functions/domain/time.ts';
import { customerKey } from '../../functions/table/keys.ts';
import { readLicenses, readStandingLicenses } from '../../functions/table/licenses.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import {
  anotherClient,
  failWrite,
  injectFaults,
  meanwhile,
  timeOut,
  transactionConflict,
} from '../support/table-faults.ts';

let metering: Metering;
beforeAll(async () => {
  metering = await openMetering();
});
let owner: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  owner = await metering.signUp(); // Business, for 400 days
  metering.clock.time += DAY;
  metering.lines.length = 0;
});

const operator = { operator: 'olga' };
const set = async (wanted: NewLicense, on = metering.services) =>
  (await setLicense(on, operator, owner.customerId, wanted)).license;
const cancel = (startsAt: number, on = metering.services) => cancelLicense(on, operator, owner.customerId, startsAt);
/** Cancels a license. Runs `happen` after the cancellation has read the licenses and before the cancellation writes. */
const cancelWhile = (startsAt: number, happen: () => Promise<unknown>) =>
  cancel(startsAt, { ...metering.services, table: meanwhile(metering.table, happen) });
const inDays = (days: number) => metering.clock.now() + days * DAY;
const inForce = async (at = metering.clock.now()) => licenseInForce((await owner.caller()).customer, at);
const typesInForce = (...days: number[]) => Promise.all(days.map(async (day) => (await inForce(inDays(day))).type));
/** Returns all items in the customer's partition. This partition contains the customer item and the licenses. */
async function stored() {
  const { pk } = customerKey(owner.customerId);
  return (await metering.dump()).filter((item) => item['pk'] === pk);
}
const changes = () => metering.lines.filter(({ message }) => message === 'change');

/**
 * Returns a matcher for an `InvalidInputError` whose field error has the pointer `#/startsAt`, a code and the
 * parameters of the code.
 */
const refusal = (code: string, parameters: object = {}) =>
  expect.objectContaining({
    name: 'InvalidInputError',
    errors: [expect.objectContaining({ pointer: '#/startsAt', code, ...parameters }) as unknown],
  }) as Error;

/**
 * Expects that cancelling a license fails with a code and the parameters of the code, changes no item and logs no
 * change.
 */
async function expectRefused(startsAt: number, code: string, parameters: object) {
  const before = await stored();
  metering.lines.length = 0;
  await expect(cancel(startsAt)).rejects.toThrow(refusal(code, parameters));
  expect(await stored()).toEqual(before);
  expect(changes()).toEqual([]);
}

describe('cancelling a license', () => {
  it('prevents the license from beginning, and does not change the other licenses', async () => {
    const present = await inForce();
    await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30) });
    await set({ type: 'enterprise', startsAt: inDays(2), endsAt: inDays(30) });
    expect(await typesInForce(0, 1, 2)).toEqual(['business', 'starter', 'enterprise']);
    await cancel(inDays(1));
    expect(await inForce()).toEqual(present);
    expect(await typesInForce(0, 1, 2)).toEqual(['business', 'business', 'enterprise']);
    const standing = await readStandingLicenses(metering.table, owner.customerId);
    expect(standing.map(({ type }) => type)).toEqual(['business', 'enterprise']);
  });

  it('marks the license as cancelled in the table, and logs the change', async () => {
    const added = await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30), maxMau: 7 });
    metering.lines.length = 0;
    metering.clock.time += 5;
    expect(await cancel(added.startsAt)).toMatchObject({ license: added, goesOn: await inForce() });
    expect(await readLicenses(metering.table, owner.customerId)).toContainEqual({
      ...added,
      cancelledAt: metering.clock.now(),
    });
    const { customerId } = owner;
    expect(changes()).toEqual([
      {
        level: 'info',
        message: 'change',
        fields: { actor: operator, what: 'license', customerId, before: added, after: null },
      },
    ]);
  });

  it('increases the licenseVersion of the customer, but not the version of the customer', async () => {
    await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30) });
    const { licenseVersion, version } = (await owner.caller()).customer;
    await cancel(inDays(1));
    expect((await owner.caller()).customer).toMatchObject({ licenseVersion: licenseVersion + 1, version });
  });

  it('allows another upcoming license if the customer had the maximum number of upcoming licenses', async () => {
    for (let days = 1; days <= 5; days += 1) await set({ type: 'starter', startsAt: inDays(days), endsAt: inDays(9) });
    await expect(set({ type: 'starter', startsAt: inDays(6), endsAt: inDays(9) })).rejects.toThrow(InvalidInputError);
    await cancel(inDays(3));
    await set({ type: 'starter', startsAt: inDays(6), endsAt: inDays(9) });
  });

  it('keeps the Free license in force if the cancelled license would have replaced the Free license', async () => {
    await set({ type: 'enterprise', startsAt: inDays(1), endsAt: inDays(30) });
    await set({ type: 'free' });
    expect(await typesInForce(0, 1)).toEqual(['free', 'enterprise']);
    await cancel(inDays(1));
    expect(await typesInForce(0, 1, 60)).toEqual(['free', 'free', 'free']);
  });

  it('does not change a license in force that began after the cancelled license was set', async () => {
    await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30) });
    await set({ type: 'enterprise', startsAt: inDays(2), endsAt: inDays(30) });
    metering.clock.time += DAY;
    await cancel(inDays(1));
    expect(await typesInForce(0, 1)).toEqual(['starter', 'starter']);
  });

  it('allows a new license that begins at the start of the cancelled license', async () => {
    const startsAt = inDays(1);
    await set({ type: 'starter', startsAt, endsAt: inDays(30) });
    await cancel(startsAt);
    const anew = await set({ type: 'enterprise', startsAt, endsAt: inDays(40) });
    expect(await typesInForce(0, 1)).toEqual(['business', 'enterprise']);
    // The table keeps only the new license, which is not marked as cancelled.
    const kept = (await readLicenses(metering.table, owner.customerId)).filter((each) => each.startsAt === startsAt);
    expect(kept).toEqual([anew]);
    await cancel(startsAt);
    expect(await typesInForce(0, 1)).toEqual(['business', 'business']);
  });

  it('is not undone when the operator later sets a license with an earlier start', async () => {
    const startsAt = inDays(1);
    await set({ type: 'starter', startsAt, endsAt: inDays(30) });
    await cancel(startsAt);
    metering.clock.time += 3 * DAY;
    await set({ type: 'enterprise', startsAt: startsAt - 5, endsAt: inDays(30) });
    expect((await inForce()).type).toBe('enterprise');
    const shown = await showCustomer(metering.services, owner.customerId);
    expect(shown.licenses.map(({ type, state }) => [type, state])).toEqual([
      ['business', 'past'],
      ['enterprise', 'in-force'],
      ['starter', 'cancelled'],
    ]);
  });

  it('makes showCustomer list the license as cancelled', async () => {
    await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30) });
    await set({ type: 'enterprise', startsAt: inDays(2), endsAt: inDays(30) });
    await cancel(inDays(2));
    const { licenses } = await showCustomer(metering.services, owner.customerId);
    expect(licenses.map(({ type, state, cancelledAt }) => [type, state, cancelledAt])).toEqual([
      ['business', 'in-force', null],
      ['starter', 'scheduled', null],
      ['enterprise', 'cancelled', toIso(metering.clock.now())],
    ]);
  });
});

describe('cancelling a license is refused', () => {
  it('when no license has the given start, and the error lists the licenses that can be cancelled', async () => {
    await expectRefused(inDays(1), 'no-such-license', { startsAt: toIso(inDays(1)), upcoming: [] });
    await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30) });
    await set({ type: 'enterprise', startsAt: inDays(2), endsAt: inDays(30) });
    const upcoming = [
      { type: 'starter', startsAt: toIso(inDays(1)) },
      { type: 'enterprise', startsAt: toIso(inDays(2)) },
    ];
    for (const startsAt of [inDays(1) - 1, inDays(1) + 1, inDays(-9)]) {
      await expectRefused(startsAt, 'no-such-license', { startsAt: toIso(startsAt), upcoming });
    }
  });

  it('from the millisecond in which the license begins, but not earlier', async () => {
    const [first, second] = [inDays(1), inDays(2)];
    await set({ type: 'starter', startsAt: first, endsAt: inDays(30) });
    await set({ type: 'enterprise', startsAt: second, endsAt: inDays(30) });
    metering.clock.time = first;
    await expectRefused(first, 'license-begun', {
      licenseType: 'starter',
      upcoming: [{ type: 'enterprise', startsAt: toIso(second) }],
    });
    metering.clock.time = second - 1;
    await cancel(second);
    metering.clock.time = second;
    expect((await inForce()).type).toBe('starter');
  });

  it('when the license is already cancelled', async () => {
    const startsAt = inDays(1);
    await set({ type: 'starter', startsAt, endsAt: inDays(30) });
    await cancel(startsAt);
    const cancelled = { licenseType: 'starter', cancelledAt: toIso(metering.clock.now()), upcoming: [] };
    await expectRefused(startsAt, 'license-cancelled', cancelled);
    metering.clock.time = startsAt + DAY;
    await expectRefused(startsAt, 'license-cancelled', cancelled);
  });

  it('for the only license of a customer, even if the clock is set back to before the start of the license', async () => {
    const only = await inForce();
    metering.clock.time = only.startsAt - DAY;
    await expectRefused(only.startsAt, 'license-begun', { licenseType: 'business', upcoming: [] });
    metering.clock.time = only.startsAt + DAY;
  });

  it('for a customer that does not exist or that the operator has unsubscribed', async () => {
    await expect(cancelLicense(metering.services, operator, 'cus_none', inDays(1))).rejects.toThrow(NotFoundError);
    await set({ type: 'starter', startsAt: inDays(1), endsAt: inDays(30) });
    await endCustomer(metering.services, operator, owner.customerId, 'Example Corporation');
    await expect(cancel(inDays(1))).rejects.toThrow(NotFoundError);
    await expect(set({ type: 'starter', endsAt: inDays(30) })).rejects.toThrow(NotFoundError);
    expect((await owner.caller()).customer.upcomingLicenses).toHaveLength(1);
    const { licenses } = await showCustomer(metering.services, owner.customerId);
    expect(licenses.map(({ type, state }) => [type, state])).toEqual([
      ['business', 'ended'],
      ['starter', 'ended'],
    ]);
  });
});

describe('cancelling a license', () => {
  let startsAt: number;
  beforeEach(async () => {
    startsAt = inDays(1);
    await set({ type: 'starter', startsAt, endsAt: inDays(30) });
  });

  it('does not affect a license that has another start and is set at the same time', async () => {
    await cancelWhile(startsAt, () => set({ type: 'enterprise', startsAt: inDays(2), endsAt: inDays(30) }));
    expect(await typesInForce(0, 1, 2)).toEqual(['business', 'business', 'enterprise']);
  });

  it('cancels the replacement if the license is replaced at the same time', async () => {
    const cancelled = await cancelWhile(startsAt, () => set({ type: 'enterprise', startsAt, endsAt: inDays(30) }));
    expect(cancelled.license.type).toBe('enterprise');
    expect(await typesInForce(0, 1)).toEqual(['business', 'business']);
  });

  it('succeeds while a license that begins immediately is being set, and does not affect that license', async () => {
    const table = meanwhile(metering.table, () => cancel(startsAt));
    await set({ type: 'enterprise', endsAt: inDays(30) }, { ...metering.services, table });
    expect(await typesInForce(0, 1)).toEqual(['enterprise', 'enterprise']);
  });

  it('is refused when another command cancels the same license at the same time', async () => {
    await expect(cancelWhile(startsAt, () => cancel(startsAt))).rejects.toThrow(refusal('license-cancelled'));
    expect(changes()).toHaveLength(2); // the log contains the setting and the cancellation of the license
  });

  it('neither loses nor restores licenses when several commands set and cancel licenses at the same time', async () => {
    const on = () => ({ ...metering.services, table: anotherClient(metering.table) });
    await set({ type: 'starter', startsAt: inDays(2), endsAt: inDays(30) });
    await Promise.all([
      cancel(startsAt, on()),
      set({ type: 'enterprise', startsAt: inDays(3), endsAt: inDays(30) }, on()),
      cancel(inDays(2), on()),
      set({ type: 'enterprise', startsAt: inDays(4), endsAt: inDays(30) }, on()),
    ]);
    expect(await typesInForce(0, 1, 2, 3, 4)).toEqual(['business', 'business', 'business', 'enterprise', 'enterprise']);
    const standing = await readStandingLicenses(metering.table, owner.customerId);
    expect(standing.map((each) => each.startsAt)).toEqual([(await inForce()).startsAt, inDays(3), inDays(4)]);
  });

  it('is refused while the operator unsubscribes the customer', async () => {
    const end = () => endCustomer(metering.services, operator, owner.customerId, 'Example Corporation');
    await expect(cancelWhile(startsAt, end)).rejects.toThrow(NotFoundError);
    expect((await readLicenses(metering.table, owner.customerId)).at(-1)).not.toHaveProperty('cancelledAt');
  });

  it('happens exactly once even if transactions conflict or the response of the table is lost', async () => {
    const faults = [
      (attempt: Parameters<typeof transactionConflict>[0]) => ({ before: transactionConflict(attempt) }),
      () => ({ after: timeOut() }),
    ];
    const table = injectFaults(anotherClient(metering.table), (attempt) =>
      attempt.command === 'TransactWriteItemsCommand' ? faults.shift()?.(attempt) : undefined,
    );
    await cancel(startsAt, { ...metering.services, table });
    expect(faults).toEqual([]);
    expect(await typesInForce(0, 1)).toEqual(['business', 'business']);
  });

  it.each(['before', 'after'] as const)(
    'takes effect fully or not at all when the process dies %s the write',
    async (when) => {
      const table = anotherClient(metering.table);
      failWrite(table, 1, when);
      await expect(cancel(startsAt, { ...metering.services, table })).rejects.toThrow(when);
      const kept = (await readLicenses(metering.table, owner.customerId)).find((each) => each.startsAt === startsAt);
      expect(kept?.cancelledAt !== undefined).toBe(when === 'after');
      expect(await typesInForce(1)).toEqual([when === 'after' ? 'business' : 'starter']);
    },
  );
});

describe('cancelling a license shortly before the license begins', () => {
  let startsAt: number;
  beforeEach(async () => {
    await set({ type: 'free' });
    startsAt = inDays(1);
    await set({ type: 'business', startsAt, endsAt: inDays(30) });
    metering.clock.time = startsAt - 1;
  });
  const begin = () => {
    metering.clock.time = startsAt + 1;
  };

  it('is refused if an RP that only this license allows is registered before the cancellation is written', async () => {
    await owner.rp();
    await expect(
      cancelWhile(startsAt, async () => {
        begin();
        await owner.rp();
      }),
    ).rejects.toThrow(refusal('license-begun', { licenseType: 'business' }));
    expect((await inForce()).type).toBe('business');
  });

  it('is refused if users that only this license allows are registered before the cancellation is written', async () => {
    await set({ type: 'free', maxRegisteredUsers: 2 });
    const rp = await owner.rp();
    await metering.register(rp, ['user-1', 'user-2']);
    await expect(
      cancelWhile(startsAt, async () => {
        begin();
        await metering.register(rp, ['user-3']);
      }),
    ).rejects.toThrow(refusal('license-begun', { licenseType: 'business' }));
    expect((await inForce()).type).toBe('business');
  });

  it('is refused if the previous license has expired and an RP is registered before the cancellation is written', async () => {
    metering.clock.time = startsAt - DAY;
    await set({ type: 'starter', endsAt: metering.clock.now() + 5 });
    metering.clock.time = startsAt - 1;
    await expect(
      cancelWhile(startsAt, async () => {
        begin();
        await owner.rp();
      }),
    ).rejects.toThrow(refusal('license-begun'));
  });

  it('is refused if a conflict with another command delays the cancellation until the license has begun', async () => {
    await expect(
      cancelWhile(startsAt, async () => {
        begin();
        await set({ type: 'enterprise', startsAt: inDays(9), endsAt: inDays(30) });
      }),
    ).rejects.toThrow(refusal('license-begun'));
    expect((await inForce()).type).toBe('business');
  });

  it('succeeds if nothing is registered under the license before the cancellation is written, and prevents later registrations', async () => {
    await owner.rp();
    await cancelWhile(startsAt, () => {
      begin();
      return Promise.resolve();
    });
    expect((await inForce()).type).toBe('free');
    await expect(owner.rp()).rejects.toThrow(LicenseLimitReachedError);
  });

  it('makes the registration of an RP fail if the registration read the customer before the cancellation', async () => {
    await owner.rp();
    // The registration reads the customer before the license is cancelled, and writes just after the cancelled license
    // would have begun.
    const caller = await owner.caller();
    await cancel(startsAt);
    begin();
    expect(licenseInForce(caller.customer, metering.clock.now()).type).toBe('business');
    const rp = { rpId: 'second.example', name: 'Second' };
    await expect(registerRp(metering.services, caller, rp)).rejects.toThrow(LicenseLimitReachedError);
    expect((await owner.caller()).customer.registeredRps).toBe(1);
  });

  it('succeeds even if the customer already has more RPs than the license in force allows', async () => {
    // When a license with lower maxima begins, the customer may already have more RPs than this license allows.
    metering.clock.time = startsAt - DAY;
    await set({ type: 'business', endsAt: inDays(30) });
    const small = startsAt - DAY / 2;
    await set({ type: 'starter', startsAt: small, endsAt: inDays(30), maxRegisteredRps: 1 });
    await Promise.all([owner.rp(), owner.rp()]);
    metering.clock.time = small + 1;
    await expect(owner.rp()).rejects.toThrow(LicenseLimitReachedError);
    await cancel(startsAt);
    metering.clock.time = startsAt;
    expect((await inForce()).type).toBe('starter');
  });
});
