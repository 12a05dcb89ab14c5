import { beforeAll, describe, expect, it } from 'vitest';
import { sizes } from '../../bench/sizes.ts';
import { judge, measureSoak, type Soak } from '../../bench/soak/bench-soak.ts';
import { noExperience } from '../../bench/soak/measured-customer.ts';
import { LONG } from '../support/long.ts';

// The soak takes a minute of both cores even with small data, so CI leaves it out.
describe.runIf(LONG)('the soak', () => {
  let soak: Soak;
  beforeAll(async () => {
    soak = await measureSoak(sizes.default.soak);
  }, 600_000);

  it('lets the callers sign up, register and remove RPs, and use lists', () => {
    expect(Object.keys(soak.statuses)).toEqual(expect.arrayContaining(['200', '201', '202', '204']));
  });

  it('causes no response with a status of 500 or more', () => {
    expect(Object.keys(soak.statuses).filter((status) => Number(status) >= 500)).toEqual([]);
  });

  it('sends the measured customer every link and alert, with and without the callers', () => {
    for (const { links, linksSent, alerts, alertsSent } of [soak.alone, soak.beside]) {
      expect({ links: linksSent, alerts: alertsSent }).toEqual({ links, alerts });
      expect(links).toBeGreaterThan(0);
      expect(alerts).toBeGreaterThan(0);
    }
  });
});

describe('judging the soak', () => {
  const experience = (milliseconds: number, linksSent = 4) => ({
    ...noExperience(),
    milliseconds: [milliseconds],
    links: 4,
    linksSent,
  });
  const met = (soak: Soak) => judge(soak).map((goal) => goal.met);

  it('accepts requests that take twice as long beside the callers, and refuses longer ones', () => {
    expect(met({ alone: experience(10), beside: experience(20), statuses: { 200: 1 } })).toEqual([true, true, true]);
    expect(met({ alone: experience(10), beside: experience(21), statuses: { 200: 1 } })).toEqual([false, true, true]);
  });

  it('refuses a link that was not sent, and a status of 500 or more', () => {
    expect(met({ alone: experience(10), beside: experience(10, 3), statuses: {} })).toEqual([true, false, true]);
    expect(met({ alone: experience(10), beside: experience(10), statuses: { 503: 1 } })).toEqual([true, true, false]);
  });
});
