import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatorResults } from '../../bin/operator/invoke-operator.ts';
import { runOperator } from '../support/operator-command-line.ts';
import { startTestService, type TestService } from '../support/service.ts';

describe('the license commands', { timeout: 30_000 }, () => {
  let service: TestService;
  let customerId: string;
  const license = async (...args: string[]) => {
    const [command = '', ...options] = args;
    const { port } = new URL(service.url);
    const { stdout, stderr } = await runOperator(['license', command, customerId, ...options], port);
    expect(stderr).toBe('');
    return stdout;
  };
  /**
   * Runs a license command and returns the lines above the details of the customer. Replaces the time of the sign-up
   * and the ID of the customer with words, because this time and this ID differ in each test run.
   */
  const lines = async (...args: string[]) => {
    const [changes = '', details = ''] = (await license(...args)).split('\n\n');
    expect(details).toMatch(/^Example Corporation\n {2}Customer +cus_/);
    return changes
      .replaceAll(/2026-10-20T09:\S+Z/g, 'signing up')
      .replaceAll(customerId, '<customer>')
      .split('\n');
  };
  /** The lines about the bills of October and November, which no run has closed. */
  const bills = (october: string, november: string) => [
    `Bill of 2026-10: ${october}.`,
    `Bill of 2026-11: ${november}.`,
  ];
  const STARTER = 'by Starter (1 MAU, then 0.08 USD each)';
  const BUSINESS = 'by Business (20,000 MAU, then 0.05 USD each)';
  const from = (starts: string, ends?: string) => ['--starts', starts, ...(ends === undefined ? [] : ['--ends', ends])];

  beforeAll(async () => {
    service = await startTestService();
    await service.setClock('2026-10-20T09:00:00Z');
    ({ customerId } = await service.signUp('Example Corporation'));
    await service.setClock('2026-11-25T09:00:00Z');
  }, 30_000);
  afterAll(() => service.stop());

  it('print the new license and the license that it replaces', async () => {
    const starter = from('2026-10-25T00:00:00Z', '2027-10-25T00:00:00Z');
    expect(await lines('set', '--type', 'starter', ...starter, '--max-mau', '1', '--max-registered-rps', '1')).toEqual([
      'Set: Starter from 2026-10-25T00:00:00Z to 2027-10-25T00:00:00Z, 1 MAU, 1 RP; it replaces Free (from signing up on).',
      'If no other license starts by 2027-10-25T00:00:00Z, nothing new can be registered after that time, and each month is still billed by Starter.',
      'In force before: Free from signing up on, 100 users, 1 RP.',
      'In force after: Starter from 2026-10-25T00:00:00Z to 2027-10-25T00:00:00Z, 1 MAU, 1 RP.',
      ...bills(
        `${STARTER} instead of Free; so far 0 MAU, 0.00 USD instead of no fee`,
        `${STARTER} instead of Free; so far 0 MAU, 0.00 USD instead of no fee`,
      ),
    ]);
    const business = from('2026-11-20T00:00:00Z', '2027-11-20T00:00:00Z');
    expect(await lines('set', '--type', 'business', ...business, '--max-mau', '20000')).toEqual([
      'Set: Business from 2026-11-20T00:00:00Z to 2027-11-20T00:00:00Z, 20,000 MAU, 1,000 RPs; it replaces Starter (from 2026-10-25T00:00:00Z to 2027-10-25T00:00:00Z).',
      'If no other license starts by 2027-11-20T00:00:00Z, nothing new can be registered after that time, and each month is still billed by Business.',
      'In force before: Starter from 2026-10-25T00:00:00Z to 2027-10-25T00:00:00Z, 1 MAU, 1 RP.',
      'In force after: Business from 2026-11-20T00:00:00Z to 2027-11-20T00:00:00Z, 20,000 MAU, 1,000 RPs.',
      ...bills(
        `unchanged, ${STARTER}; so far 0 MAU, 0.00 USD`,
        `${BUSINESS} instead of Starter (1 MAU, then 0.08 USD each); so far 0 MAU, 0.00 USD`,
      ),
    ]);
  });

  it('print the licenses in force until the new license starts, and the other upcoming licenses', async () => {
    const present = 'Business (from 2026-11-20T00:00:00Z to 2027-11-20T00:00:00Z)';
    const starter = from('2027-01-01T00:00:00Z', '2029-01-01T00:00:00Z');
    const unchanged = bills(
      `unchanged, ${STARTER}; so far 0 MAU, 0.00 USD`,
      `unchanged, ${BUSINESS}; so far 0 MAU, 0.00 USD`,
    );
    expect(await lines('set', '--type', 'starter', ...starter, '--max-mau', '7')).toEqual([
      `Set: Starter from 2027-01-01T00:00:00Z to 2029-01-01T00:00:00Z, 7 MAU, 1,000 RPs; until 2027-01-01T00:00:00Z, ${present} stays in force.`,
      'If no other license starts by 2029-01-01T00:00:00Z, nothing new can be registered after that time, and each month is still billed by Starter.',
      ...unchanged,
    ]);
    const later = from('2029-06-01T00:00:00Z', '2030-01-01T00:00:00Z');
    expect(await lines('set', '--type', 'enterprise', ...later, '--max-mau', '9')).toEqual([
      `Set: Enterprise from 2029-06-01T00:00:00Z to 2030-01-01T00:00:00Z, 9 MAU, 1,000 RPs; until 2029-06-01T00:00:00Z, Business (from 2026-11-20T00:00:00Z to 2027-11-20T00:00:00Z, expired by then), then Starter (from 2027-01-01T00:00:00Z to 2029-01-01T00:00:00Z, expired by then) stay in force.`,
      'If no other license starts by 2030-01-01T00:00:00Z, nothing new can be registered after that time, and each month is still billed by Enterprise.',
      ...unchanged,
      'Still upcoming: Starter from 2027-01-01T00:00:00Z to 2029-01-01T00:00:00Z, 7 MAU, 1,000 RPs. "license cancel <customer> --starts 2027-01-01T00:00:00Z" cancels this license.',
    ]);
  });

  it('print the paid license that a change to Free ends, the last billed month and the upcoming licenses', async () => {
    expect(await lines('set', '--type', 'free', ...from('2026-11-25T08:00:00Z'))).toEqual([
      'Set: Free from 2026-11-25T08:00:00Z on, 100 users, 1 RP; it ends the paid license Business (from 2026-11-20T00:00:00Z to 2027-11-20T00:00:00Z).',
      'The last paid month, 2026-10, is still billed, by Starter: a month is billed by the license in force at its end.',
      'In force before: Business from 2026-11-20T00:00:00Z to 2027-11-20T00:00:00Z, 20,000 MAU, 1,000 RPs.',
      'In force after: Free from 2026-11-25T08:00:00Z on, 100 users, 1 RP.',
      ...bills(
        `unchanged, ${STARTER}; so far 0 MAU, 0.00 USD`,
        'by Free instead of Business (20,000 MAU, then 0.05 USD each); so far 0 MAU, no fee instead of 0.00 USD',
      ),
      'Still upcoming: Starter from 2027-01-01T00:00:00Z to 2029-01-01T00:00:00Z, 7 MAU, 1,000 RPs. "license cancel <customer> --starts 2027-01-01T00:00:00Z" cancels this license.',
      'Still upcoming: Enterprise from 2029-06-01T00:00:00Z to 2030-01-01T00:00:00Z, 9 MAU, 1,000 RPs. "license cancel <customer> --starts 2029-06-01T00:00:00Z" cancels this license.',
    ]);
  });

  it('print the cancelled license and the license that stays in force', async () => {
    expect(await lines('cancel', '--starts', '2027-01-01T00:00:00Z')).toEqual([
      'Cancelled: Starter from 2027-01-01T00:00:00Z to 2029-01-01T00:00:00Z, 7 MAU, 1,000 RPs; it never starts. Free (from 2026-11-25T08:00:00Z on) stays in force.',
      ...bills(`unchanged, ${STARTER}; so far 0 MAU, 0.00 USD`, 'unchanged, by Free; so far 0 MAU, no fee'),
      'Still upcoming: Enterprise from 2029-06-01T00:00:00Z to 2030-01-01T00:00:00Z, 9 MAU, 1,000 RPs. "license cancel <customer> --starts 2029-06-01T00:00:00Z" cancels this license.',
    ]);
  });

  it('say that no month is billed if a paid license ends in the month in which it began', async () => {
    ({ customerId } = await service.signUp('Example Corporation'));
    await license('set', '--type', 'business', '--ends', '2027-12-01T00:00:00Z');
    const [set, billed] = await lines('set', '--type', 'free', '--max-registered-users', '1');
    expect(set).toMatch(/^Set: Free from \S+Z on, 1 user, 1 RP; it ends the paid license Business \(from /);
    expect(billed).toBe(
      'No month is billed by the license that ended: a month is billed by the license in force at its end.',
    );
  });

  it('say that the new license or the replaced license has expired', async () => {
    ({ customerId } = await service.signUp('Example Corporation'));
    const expired = from('2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z');
    expect(await lines('set', '--type', 'starter', ...expired, '--max-mau', '7')).toEqual([
      expect.stringMatching(
        /^Set: Starter from \S+Z to 2026-11-20T00:00:00Z, 7 MAU, 1,000 RPs, already expired; it replaces Free \(from \S+Z on\)\.$/,
      ),
      'Until another license starts, nothing new can be registered, and each month is still billed by Starter.',
      expect.stringMatching(/^In force before: Free from \S+Z on, 100 users, 1 RP\.$/),
      'In force after: Starter from 2026-11-01T00:00:00Z to 2026-11-20T00:00:00Z, 7 MAU, 1,000 RPs.',
      'Bill of 2026-11: by Starter (7 MAU, then 0.08 USD each) instead of Free; so far 0 MAU, 0.00 USD instead of no fee.',
    ]);
    const renewed = from('2026-11-25T00:00:00Z', '2027-11-20T00:00:00Z');
    expect((await lines('set', '--type', 'starter', ...renewed))[0]).toContain(
      'it replaces Starter (from 2026-11-01T00:00:00Z to 2026-11-20T00:00:00Z, expired by then).',
    );
  });

  it('print the change and the details of the customer as JSON with the option --json', async () => {
    ({ customerId } = await service.signUp('Example Corporation'));
    const business = from('2026-11-01T00:00:00Z', '2027-11-20T00:00:00Z');
    const later = from('2027-01-01T00:00:00Z', '2028-01-01T00:00:00Z');
    await license('set', '--type', 'business', ...business);
    const scheduled = JSON.parse(
      await license('set', '--type', 'starter', ...later, '--json'),
    ) as OperatorResults['set-license'];
    const { set, ...details } = scheduled;
    expect((await service.operate({ command: 'show-customer', customerId })).result).toEqual(details);
    const [starter] = details.licenses.filter(({ type }) => type === 'starter');
    expect(starter).toMatchObject({ ...set.license, state: 'scheduled', inForceUntil: null });
    const business1 = details.licenseInForce;
    const billedBefore = { license: business1, overageFee: { amount: '0.00', currency: 'USD' } };
    expect(set).toEqual({
      license: set.license,
      takesPlaceOf: [],
      untilThen: [business1],
      endedPaid: null,
      inForce: { before: business1, after: business1 },
      bills: [{ month: '2026-11', mau: 0, before: billedBefore, after: billedBefore }],
      keptThrough: null,
    });

    const free = JSON.parse(await license('set', '--type', 'free', '--json')) as OperatorResults['set-license'];
    expect(free.set).toEqual({
      license: free.licenseInForce,
      takesPlaceOf: [business1],
      untilThen: [],
      endedPaid: { license: business1, lastBilled: null },
      inForce: { before: business1, after: free.licenseInForce },
      bills: [
        {
          ...{ month: '2026-11', mau: 0 },
          before: billedBefore,
          after: { license: free.licenseInForce, overageFee: null },
        },
      ],
      keptThrough: null,
    });
    const cancelled = JSON.parse(
      await license('cancel', '--starts', '2027-01-01T00:00:00Z', '--json'),
    ) as OperatorResults['cancel-license'];
    expect(cancelled).toMatchObject({
      customerId,
      cancelled: { license: set.license, goesOn: free.licenseInForce },
    });
    const business2 = cancelled.licenses.find(({ type }) => type === 'business');
    expect(business2).toMatchObject({ state: 'past', inForceUntil: free.licenseInForce.startsAt });
  });
});
