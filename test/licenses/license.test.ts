import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { licenseInForce, licenseStatus, withLicense, type License } from '../../functions/domain/licenses/license.ts';

const free = (startsAt: number, maxRegisteredUsers = 100): License => ({
  type: 'free',
  startsAt,
  endsAt: null,
  setAt: 0,
  maxRegisteredRps: 1,
  maxRegisteredUsers,
});
const paid = (startsAt: number, endsAt: number, type: 'starter' | 'business' = 'starter'): License => ({
  type,
  startsAt,
  endsAt,
  setAt: 0,
  maxRegisteredRps: 1_000,
  maxMau: 1_000,
  overageFeePerMau: { amount: '0.05', currency: 'USD' },
});

describe('the status of a license', () => {
  it.each([
    [999, 'not-started'],
    [1_000, 'active'],
    [1_999, 'active'],
    [2_000, 'expired'],
    [2_001, 'expired'],
  ])('at the time %i is %s if the license starts at 1000 and ends at 2000', (now, status) => {
    expect(licenseStatus(paid(1_000, 2_000), now)).toBe(status);
  });

  it.each([
    [999, 'not-started'],
    [1_000, 'active'],
    [Number.MAX_SAFE_INTEGER, 'active'],
  ])('at the time %i is %s if the license starts at 1000 and has no end', (now, status) => {
    expect(licenseStatus(free(1_000), now)).toBe(status);
  });
});

describe('the license in force', () => {
  const licenses = { license: free(0), upcomingLicenses: [paid(1_000, 2_000), paid(2_000, 3_000, 'business')] };
  it.each([
    [0, 'free'],
    [999, 'free'],
    [1_000, 'starter'],
    [1_999, 'starter'],
    [2_000, 'business'],
    // An expired license stays in force until another license starts. Until then, the maximum MAU and the fee of the
    // expired license still apply.
    [9_999, 'business'],
  ])('at the time %i is %s', (now, type) => {
    expect(licenseInForce(licenses, now).type).toBe(type);
  });

  it('is the customer’s license if the customer has only one, even before this license starts', () => {
    expect(licenseInForce({ license: paid(1_000, 2_000), upcomingLicenses: [] }, 0).type).toBe('starter');
  });
});

describe('a new license', () => {
  const [first, second, third] = [free(100), paid(200, 900), paid(300, 900, 'business')];

  it('that starts now replaces the current license', () => {
    expect(withLicense([first], second, 200)).toEqual({
      licenses: { license: second, upcomingLicenses: [] },
      superseded: [],
    });
  });

  it('that starts in the future leaves the current license in force until then', () => {
    const { licenses, superseded } = withLicense([first], second, 199);
    expect({ licenses, superseded }).toEqual({
      licenses: { license: first, upcomingLicenses: [second] },
      superseded: [],
    });
    expect([199, 200].map((now) => licenseInForce(licenses, now))).toEqual([first, second]);
  });

  it('that starts in the future is added to the upcoming licenses, which are sorted by start', () => {
    const { licenses } = withLicense([first, third], second, 150);
    expect(licenses).toEqual({ license: first, upcomingLicenses: [second, third] });
  });

  it('that starts in the past supersedes licenses that started later, but not upcoming licenses', () => {
    const backdated = paid(150, 900, 'business');
    const later = free(500);
    expect(withLicense([first, second, third, later], backdated, 400)).toEqual({
      licenses: { license: backdated, upcomingLicenses: [later] },
      superseded: [second, third],
    });
  });

  it('that starts before all other licenses supersedes all licenses that have started', () => {
    const backdated = free(50);
    expect(withLicense([first, second], backdated, 200)).toEqual({
      licenses: { license: backdated, upcomingLicenses: [] },
      superseded: [first, second],
    });
  });

  it('that starts in the past supersedes a license that starts now, but not one that starts 1 ms later', () => {
    const backdated = free(50);
    const { superseded, licenses } = withLicense([first, paid(200, 900), paid(201, 900, 'business')], backdated, 200);
    expect(superseded.map(({ startsAt }) => startsAt)).toEqual([100, 200]);
    expect(licenses.upcomingLicenses.map(({ startsAt }) => startsAt)).toEqual([201]);
  });

  it.each([
    ['current', 100, 250],
    ['upcoming', 300, 150],
  ])('that starts at the same time as the %s license replaces that license', (_, startsAt, now) => {
    const corrected = paid(startsAt, 999, 'business');
    const { licenses, superseded } = withLicense([first, third], corrected, now);
    expect([licenses.license, ...licenses.upcomingLicenses].filter((each) => each.startsAt === startsAt)).toEqual([
      corrected,
    ]);
    expect(superseded).toEqual([]);
  });

  it('comes into force at its start, or at once if the start has passed, and ends when the next license starts', () => {
    const HORIZON = 30;
    const setting = fc.record({ after: fc.nat({ max: 4 }), startsAt: fc.nat({ max: HORIZON }) });
    fc.assert(
      fc.property(fc.array(setting, { maxLength: 12 }), (settings) => {
        // A simple model: `line[time]` is the license in force at `time`. Each new license overwrites `line` up to the
        // start of the next license. The first overwritten time is the license's start, or now if its start has passed.
        let line: License[] = Array<License>(HORIZON + 1).fill(free(0, 0));
        let starts: number[] = [];
        let all: License[] = [free(0, 0)];
        let now = 0;
        settings.forEach(({ after, startsAt }, index) => {
          now = Math.min(now + after, HORIZON);
          const added = free(startsAt, index + 1);
          const from = Math.max(startsAt, now);
          const until = starts.find((start) => start > from) ?? HORIZON + 1;
          line = line.map((license, time) => (time >= from && time < until ? added : license));
          starts = [...new Set([...starts, from])].filter((start) => start > now).sort((a, b) => a - b);

          const { licenses, superseded } = withLicense(all, added, now);
          all = [...all.filter((license) => license.startsAt !== startsAt && !superseded.includes(license)), added];
          for (let time = now; time <= HORIZON; time += 1) {
            expect([time, licenseInForce(licenses, time)]).toEqual([time, line[time]]);
          }
          const upcoming = licenses.upcomingLicenses.map((license) => license.startsAt);
          expect(upcoming).toEqual(starts);
        });
      }),
      { numRuns: 500 },
    );
  });
});
