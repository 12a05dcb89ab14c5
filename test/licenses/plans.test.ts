import { describe, expect, it } from 'vitest';
import { licenseFromPlan, planCatalogue } from '../../functions/domain/licenses/plans.ts';
import ownPlans from '../../config/plans.json' with { type: 'json' };
import plans from '../support/example-plans.json' with { type: 'json' };
import { examplePlans } from '../support/example-plans.ts';

type Plain = Record<string, unknown>;
const catalogue = (): Plain[] => structuredClone(plans);
/** Returns the catalogue with some fields of one plan changed. */
const with_ = (index: number, changed: Plain) =>
  catalogue().map((plan, at) => (at === index ? { ...plan, ...changed } : plan));
const without = (index: number, name: string) =>
  catalogue().map((plan, at) =>
    at === index ? Object.fromEntries(Object.entries(plan).filter(([key]) => key !== name)) : plan,
  );
/** Returns the path and the message of each fault in a catalogue, or undefined when the catalogue is valid. */
const faults = (given: unknown) =>
  planCatalogue.safeParse(given).error?.issues.map(({ path, message }) => [path.join('.'), message]);

describe('the catalogue of plans', () => {
  it('is valid in the form in which config/plans.json contains it', () => {
    const { free, starter, business, enterprise } = planCatalogue.parse(ownPlans);
    expect([free, starter, business, enterprise].map(({ type }) => type)).toEqual([
      'free',
      'starter',
      'business',
      'enterprise',
    ]);
    expect(free).toMatchObject({ maxMau: null, overageFeePerMau: null });
    for (const paid of [starter, business, enterprise]) {
      expect(paid).toMatchObject({ maxRegisteredUsers: null, maxMau: expect.any(Number) as unknown });
    }
  });

  it.each<[string, unknown, string, RegExp]>([
    [
      'a fee that is a number, not text,',
      with_(1, { overageFeePerMau: { amount: 0.05, currency: 'USD' } }),
      '1.overageFeePerMau.amount',
      /string/,
    ],
    [
      'a fee in words',
      with_(1, { overageFeePerMau: { amount: 'five', currency: 'USD' } }),
      '1.overageFeePerMau.amount',
      /Must be a decimal number as text, such as "0.05"/,
    ],
    [
      'a negative fee',
      with_(1, { overageFeePerMau: { amount: '-1', currency: 'USD' } }),
      '1.overageFeePerMau.amount',
      /Must be a decimal number as text/,
    ],
    [
      'a fee with a comma',
      with_(1, { overageFeePerMau: { amount: '0,05', currency: 'USD' } }),
      '1.overageFeePerMau.amount',
      /Must be a decimal number as text/,
    ],
    [
      'a fee with seven decimals',
      with_(1, { overageFeePerMau: { amount: '0.0000001', currency: 'USD' } }),
      '1.overageFeePerMau.amount',
      /Must be a decimal number as text/,
    ],
    [
      'an unknown currency',
      with_(2, { overageFeePerMau: { amount: '1', currency: 'XYZ' } }),
      '2.overageFeePerMau.currency',
      /Must be a currency code of ISO 4217, such as "USD"/,
    ],
    [
      'a currency code in lower case',
      with_(2, { overageFeePerMau: { amount: '1', currency: 'usd' } }),
      '2.overageFeePerMau.currency',
      /Must be a currency code of ISO 4217/,
    ],
    ['no fee for a paid plan', with_(3, { overageFeePerMau: null }), '3.overageFeePerMau', /expected object/],
    [
      'a fee for Free',
      with_(0, { overageFeePerMau: { amount: '1', currency: 'USD' } }),
      '0.overageFeePerMau',
      /expected null/,
    ],
    ['a maximum MAU for Free', with_(0, { maxMau: 10 }), '0.maxMau', /expected null/],
    ['no maximum of users for Free', with_(0, { maxRegisteredUsers: null }), '0.maxRegisteredUsers', /expected number/],
    [
      'a maximum of users for a paid plan',
      with_(1, { maxRegisteredUsers: 5 }),
      '1.maxRegisteredUsers',
      /expected null/,
    ],
    ['a maximum of 0 RPs', with_(1, { maxRegisteredRps: 0 }), '1.maxRegisteredRps', />=1/],
    ['a maximum of 1,001 RPs', with_(1, { maxRegisteredRps: 1_001 }), '1.maxRegisteredRps', /<=1000/],
    ['a maximum of 0.5 MAU', with_(1, { maxMau: 0.5 }), '1.maxMau', /int/],
    ['a maximum of 0 MAU for a paid plan', with_(1, { maxMau: 0 }), '1.maxMau', />=1/],
    ['an unknown field', with_(1, { maxMaus: 5 }), '1', /Unrecognized key: "maxMaus"/],
    ['a missing field', without(2, 'forWhom'), '2.forWhom', /expected string/],
    ['plans in the wrong order', [...catalogue()].reverse(), '0.type', /expected "free"/],
  ])('with %s is invalid, and the error has a path and a message', (_, given, path, message) => {
    expect(faults(given)).toContainEqual([path, expect.stringMatching(message)]);
  });

  it.each([
    ['is missing a plan', catalogue().slice(0, 3)],
    ['contains a plan twice', [...catalogue(), ...catalogue().slice(0, 1)]],
    ['is not a list', {}],
    ['is undefined', undefined],
  ])('that %s is invalid', (_, given) => {
    expect(faults(given)).toHaveLength(1);
  });
});

describe('a license that is created from a plan', () => {
  const { free, business } = examplePlans;
  const times = { startsAt: 1, endsAt: 2, setAt: 0 };

  it('has the maxima of the plan', () => {
    expect(licenseFromPlan(free, times)).toEqual({
      ...times,
      type: 'free',
      maxRegisteredRps: free.maxRegisteredRps,
      maxRegisteredUsers: free.maxRegisteredUsers,
    });
    expect(licenseFromPlan(business, times)).toEqual({
      ...times,
      type: 'business',
      maxRegisteredRps: business.maxRegisteredRps,
      maxMau: business.maxMau,
      overageFeePerMau: business.overageFeePerMau,
    });
  });

  it('has the maxima that the caller passes, except a maximum that the plan does not define', () => {
    const overrides = { maxRegisteredRps: 7, maxRegisteredUsers: 8, maxMau: 9 };
    expect(licenseFromPlan(free, times, overrides)).toMatchObject({ maxRegisteredRps: 7, maxRegisteredUsers: 8 });
    expect(licenseFromPlan(free, times, overrides)).not.toHaveProperty('maxMau');
    expect(licenseFromPlan(business, times, overrides)).toMatchObject({ maxRegisteredRps: 7, maxMau: 9 });
    expect(licenseFromPlan(business, times, overrides)).not.toHaveProperty('maxRegisteredUsers');
  });
});
