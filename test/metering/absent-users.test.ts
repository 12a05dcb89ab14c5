import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TooManyRequestsError } from '../../functions/domain/errors.ts';
import { reportOperations } from '../../functions/domain/metering/report-operations.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import { SECOND } from '../../functions/domain/time.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { startTestService } from '../support/service.ts';
import { anotherClient, before, behindReplica, measure } from '../support/table-faults.ts';

let metering: Metering;
let customer: Awaited<ReturnType<Metering['signUp']>>;
beforeAll(async () => {
  metering = await openMetering();
  customer = await metering.signUp();
});
let rp: Awaited<ReturnType<typeof customer.rp>>;
beforeEach(async () => {
  rp = await customer.rp();
});

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
/**
 * Returns a new simulated process. Its function `report` reports an operation of each user, and returns the different
 * outcomes and the read units that the request costs.
 */
function startProcess(table = anotherClient(metering.table)) {
  const units = measure(table);
  const services = metering.process(table);
  return {
    report: async (userIds: readonly string[], by = rp) => {
      units.read = 0;
      const operations = userIds.map((userId) => ({ userId, type: 'authentication' as const }));
      const results = await reportOperations(services, by, { operations }, metering.clock.now());
      return { outcomes: [...new Set(results.map(({ status, reason }) => reason ?? status))], read: units.read };
    },
    units,
  };
}

describe('operations of users that are not registered', () => {
  it('cost 201 read units for 100 users, and 1 read unit if they are repeated within 10 seconds', async () => {
    const { report } = startProcess();
    const strangers = ids('stranger', 100);
    expect(await report(strangers)).toEqual({ outcomes: ['user-not-registered'], read: 201 });
    for (let repeated = 0; repeated < 20; repeated += 1) {
      expect(await report(strangers)).toEqual({ outcomes: ['user-not-registered'], read: 1 });
    }
    metering.clock.time += 10 * SECOND + 1;
    expect(await report(strangers)).toEqual({ outcomes: ['user-not-registered'], read: 201 });
  });

  it('are counted as soon as the RP has registered the users, however often they were rejected before', async () => {
    const { report } = startProcess();
    for (const userId of ids('user', 3)) {
      for (let rejected = 0; rejected < 4; rejected += 1) {
        expect(await report([userId])).toMatchObject({ outcomes: ['user-not-registered'] });
      }
      await metering.register(rp, [userId]);
      expect(await report([userId])).toMatchObject({ outcomes: ['counted'] });
      expect(await report([userId])).toMatchObject({ outcomes: ['already-counted'], read: 0 });
    }
  });

  it('are counted even if replicas lack the registration that followed the rejection', async () => {
    const { report } = startProcess(behindReplica(anotherClient(metering.table)));
    expect(await report(['user-1'])).toMatchObject({ outcomes: ['user-not-registered'] });
    await metering.register(rp, ['user-1']);
    expect(await report(['user-1'])).toMatchObject({ outcomes: ['counted'] });
  });

  it.each(['before', 'after'])('are counted if the RP registers the user just %s the last read', async (when) => {
    const table = anotherClient(metering.table);
    const { report } = startProcess(table);
    // The reads of a new operation of an unknown user: active-user record, user, number of registrations, user.
    const register = () => metering.register(rp, ['user-1']);
    if (when === 'before') before(/^BatchGet/, table, register, 4);
    const first = await report(['user-1']);
    if (when === 'after') await register();
    const second = await report(['user-1']);
    expect([first.outcomes, second.outcomes]).toEqual(
      when === 'before' ? [['counted'], ['already-counted']] : [['user-not-registered'], ['counted']],
    );
  });

  it('are still rejected after another user was registered, and then cost the full reads once more', async () => {
    const { report } = startProcess();
    expect(await report(['stranger'])).toEqual({ outcomes: ['user-not-registered'], read: 3 });
    expect(await report(['stranger'])).toEqual({ outcomes: ['user-not-registered'], read: 1 });
    await metering.register(rp, ['user-1']);
    expect(await report(['stranger'])).toMatchObject({ outcomes: ['user-not-registered'], read: 4 });
    expect(await report(['stranger'])).toEqual({ outcomes: ['user-not-registered'], read: 1 });
  });

  it('of a removed user are already-counted if the user was counted in that month', async () => {
    await metering.register(rp, ['user-1']);
    await startProcess().report(['user-1']);
    await removeUser(metering.services, rp, 'user-1');
    const { report } = startProcess();
    expect(await report(['user-1'])).toMatchObject({ outcomes: ['already-counted'] });
    expect(await report(['user-1'])).toMatchObject({ outcomes: ['already-counted'], read: 0 });
  });
});

describe('an API key that has reported 1,000 unknown users to a process', () => {
  /** Returns a process to which the API key has reported 1,000 unknown users, and one that follows. */
  async function exhausted() {
    const process = startProcess();
    for (let round = 0; round < 10; round += 1) await process.report(ids(`round-${round}`, 100));
    return process;
  }

  it('is told to wait, and a request costs at most 11 read units', async () => {
    const { report, units } = await exhausted();
    for (let repeated = 0; repeated < 5; repeated += 1) {
      const refused = report(ids(`more-${repeated}`, 100));
      await expect(refused).rejects.toThrow(TooManyRequestsError);
      await expect(refused).rejects.toMatchObject({ retryAfter: 1 });
      expect(units.read).toBeLessThanOrEqual(11);
    }
  });

  it('can still report registered users', async () => {
    const userIds = ids('user', 100);
    await metering.register(rp, userIds);
    const { report } = await exhausted();
    expect(await report(userIds.slice(0, 50))).toMatchObject({ outcomes: ['counted'] });
    expect(await report(userIds)).toMatchObject({ outcomes: ['already-counted', 'counted'] });
  });

  it('can still report users that were registered just now, even if replicas lack them', async () => {
    const table = anotherClient(metering.table);
    const { report } = startProcess(table);
    for (let round = 0; round < 10; round += 1) await report(ids(`round-${round}`, 100));
    await metering.register(rp, ids('user', 20));
    behindReplica(table);
    expect(await report(ids('user', 20))).toMatchObject({ outcomes: ['counted'] });
  });

  it('counts the registered users at the beginning of a refused request', async () => {
    await metering.register(rp, ['user-1', 'user-2']);
    const { report } = await exhausted();
    await expect(report(['user-1', 'stranger-1', 'user-2'])).rejects.toThrow(TooManyRequestsError);
    expect(await report(['user-1', 'user-2'])).toMatchObject({ outcomes: ['already-counted'], read: 0 });
  });

  it('still gets the outcomes of unknown users that the process remembers', async () => {
    const { report } = await exhausted();
    expect(await report(ids('round-9', 100))).toEqual({ outcomes: ['user-not-registered'], read: 1 });
  });

  it('can report unknown users again after it has waited', async () => {
    const { report } = await exhausted();
    await expect(report(['stranger'])).rejects.toThrow(TooManyRequestsError);
    metering.clock.time += SECOND;
    expect(await report(['stranger'])).toMatchObject({ outcomes: ['user-not-registered'] });
  });

  it('does not affect another API key', async () => {
    const { report } = await exhausted();
    const other = await customer.rp();
    expect(await report(['stranger'], other)).toMatchObject({ outcomes: ['user-not-registered'] });
  });
});

it('the API rejects unknown users, counts them once they are registered, and limits a flood of unknown users', async () => {
  const service = await startTestService();
  try {
    const { session } = await service.signUp();
    const { apiKey } = await service.newApiKey(session, (await service.newRp(session)).id);
    const report = (userIds: readonly string[]) =>
      service.send('POST /v1/rp/operations', {
        as: apiKey,
        body: { operations: userIds.map((userId) => ({ userId, type: 'authentication' })) },
      });
    const rejected = { results: [{ userId: 'user-1', status: 'rejected', reason: 'user-not-registered' }] };
    for (let repeated = 0; repeated < 3; repeated += 1) expect((await report(['user-1'])).body).toEqual(rejected);
    await service.registerUsers(apiKey, ['user-1', 'user-2']);
    expect((await report(['user-1'])).body).toEqual({ results: [{ userId: 'user-1', status: 'counted' }] });

    let flood = await report(ids('flood-0', 100));
    for (let sent = 1; sent < 100 && flood.status === 200; sent += 1) flood = await report(ids(`flood-${sent}`, 100));
    expect(flood).toMatchObject({ status: 429, body: { type: '/problems/too-many-requests', status: 429 } });
    expect(Number(flood.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await report(['user-2'])).body).toEqual({ results: [{ userId: 'user-2', status: 'counted' }] });
  } finally {
    await service.stop();
  }
});
