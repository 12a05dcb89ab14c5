import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routeNamed } from '../../functions/api/routes.ts';
import { build as buildGetCustomer } from '../../functions/api/customers/get-customer.ts';
import { build as buildReportOperations } from '../../functions/api/metering/report-operations.ts';
import type { CustomerView } from '../../functions/contract/customers.ts';
import type { OperationResult } from '../../functions/contract/operations.ts';
import { addAdministrator } from '../../functions/domain/administrators/add-administrator.ts';
import { createSession } from '../../functions/domain/signing-in/create-session.ts';
import { newId, newSecret } from '../../functions/domain/ids.ts';
import { reportOperations } from '../../functions/domain/metering/report-operations.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { updateMauAlert, updateCustomer } from '../../functions/table/customers/customer-edits.ts';
import { putLink } from '../../functions/table/signing-in/links.ts';
import { addToTotalMau } from '../../functions/table/metering/mau-counters.ts';
import { notifyOf } from '../../functions/table/customers/notifications.ts';
import { putRp } from '../../functions/table/rps.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { contextOf } from '../../local/aws/gateway.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, measure, watchAttempts } from '../support/table-faults.ts';

let metering: Metering;
let customer: Awaited<ReturnType<Metering['signUp']>>;
beforeAll(async () => {
  metering = await openMetering({ now: '2026-11-20T09:00:00Z' });
  customer = await metering.signUp();
});

describe('the cost of reporting operations', () => {
  let rp: Awaited<ReturnType<typeof customer.rp>>;
  beforeEach(async () => {
    rp = await customer.rp();
  });

  /**
   * Returns the services of a new simulated process, and a function `report` that counts table calls and rounds of
   * simultaneous table calls.
   */
  function startProcess() {
    const table = anotherClient(metering.table);
    const units = measure(table);
    const calls: string[] = [];
    watchAttempts(table, ({ command }) => calls.push(command));
    const rounds = countRounds(table);
    const services = metering.process(table);
    return {
      services,
      /** Reports one operation for each user, and returns the results and the cost of the request. */
      report: async (...userIds: string[]) => {
        Object.assign(units, { read: 0, write: 0, finder: 0 });
        calls.length = 0;
        rounds.count = 0;
        const operations = userIds.map((userId) => ({ userId, type: 'authentication' as const }));
        const results = await reportOperations(services, rp, { operations }, metering.clock.now());
        return { statuses: results.map(({ status }) => status), ...units, calls: calls.length, rounds: rounds.count };
      },
    };
  }

  it('is 1 read unit and 1 write unit for the first operation of a user in a month', async () => {
    const userIds = ['user-1', 'u', 'x'.repeat(128)];
    await metering.register(rp, userIds);
    const { report } = startProcess();
    for (const userId of userIds) {
      expect(await report(userId)).toMatchObject({ statuses: ['counted'], read: 1, write: 1, finder: 0 });
    }
  });

  it('is 0 for later operations of a user in the same process', async () => {
    await metering.register(rp, ['user-1', 'user-2']);
    const { report } = startProcess();
    await report('user-1', 'user-2');
    const again = await report('user-2', 'user-1', 'user-1');
    expect(again).toEqual({
      statuses: ['already-counted', 'already-counted', 'already-counted'],
      read: 0,
      write: 0,
      finder: 0,
      calls: 0,
      rounds: 0,
    });
  });

  it('is half a read unit for the first operation of a user whom another process has counted, and then 0', async () => {
    await metering.register(rp, ['user-1']);
    await startProcess().report('user-1');
    const { report } = startProcess();
    expect(await report('user-1')).toMatchObject({ statuses: ['already-counted'], read: 0.5, write: 0, calls: 1 });
    expect(await report('user-1')).toMatchObject({ statuses: ['already-counted'], calls: 0 });
  });

  it('includes another write if the same user is active in another month', async () => {
    await metering.register(rp, ['user-1']);
    const { services, report } = startProcess();
    await report('user-1');
    const operations = ['2026-11-01T00:00:00Z', '2026-10-31T23:00:00Z'].map((time) => ({
      userId: 'user-1',
      type: 'authentication' as const,
      occurredAt: Date.parse(time),
    }));
    const results = await reportOperations(services, rp, { operations }, Date.parse('2026-11-02T00:00:00Z'));
    expect(results.map(({ status }) => status)).toEqual(['already-counted', 'counted']);
  });

  it('includes another read of the user if the service rejected the user before', async () => {
    const { report } = startProcess();
    expect(await report('user-1')).toMatchObject({ statuses: ['rejected'], write: 0 });
    await metering.register(rp, ['user-1']);
    expect(await report('user-1')).toMatchObject({ statuses: ['counted'], write: 1 });
  });

  it('includes a write unit for each RP at which the user is active', async () => {
    const other = await customer.rp();
    await metering.register(rp, ['user-1']);
    await metering.register(other, ['user-1']);
    const { report } = startProcess();
    expect(await report('user-1')).toMatchObject({ statuses: ['counted'] });
    rp = other;
    expect(await report('user-1')).toMatchObject({ statuses: ['counted'], write: 1 });
  });

  it('is 4 rounds of calls for a mix of 100 counted, new and unregistered users', async () => {
    const userIds = Array.from({ length: 90 }, (_, index) => `user-${index}`);
    await metering.register(rp, userIds);
    await startProcess().report(...userIds.slice(0, 20));
    const strangers = Array.from({ length: 10 }, (_, index) => `stranger-${index}`);
    const { report } = startProcess();
    const { statuses, rounds, read, write } = await report(...userIds, ...strangers);
    expect(statuses).toEqual([
      ...Array<string>(20).fill('already-counted'),
      ...Array<string>(70).fill('counted'),
      ...Array<string>(10).fill('rejected'),
    ]);
    expect(rounds).toBe(4);
    expect(write).toBe(70);
    // The request takes 0.5 read units for the active-user record of each of 100 users, 0.5 units for the user item of
    // each of 80 users, 1 unit for the number of registrations, and 1 unit for the strongly consistent read of each of
    // 10 unregistered users.
    expect(read).toBe(100 / 2 + 80 / 2 + 1 + 10);
  });

  it('is at most 2 read units for an uncached API key, and one write unit per hour to record that the key was used', async () => {
    await metering.register(rp, ['user-1']);
    const { services, report } = startProcess();
    await report('user-1');
    const { table } = services;
    const units = measure(table);
    let updates = 0;
    watchAttempts(table, ({ command }) => (updates += Number(command.startsWith('Update'))));
    const handler = buildReportOperations(services, routeNamed('report-operations'));
    const request = async () => {
      Object.assign(units, { read: 0, write: 0, finder: 0 });
      updates = 0;
      const { statusCode, body = '' } = await handler(
        httpEvent('POST /v1/rp/operations', {
          credential: rp.apiKey,
          body: { operations: [{ userId: 'user-1', type: 'authentication' }] },
          now: metering.clock.now(),
        }),
        contextOf({ name: 'report-operations' }),
      );
      expect(statusCode).toBe(200);
      expect((JSON.parse(body) as { results: OperationResult[] }).results).toEqual([
        { userId: 'user-1', status: 'already-counted' },
      ]);
      return { ...units, updates };
    };
    const first = await request();
    expect(first).toMatchObject({ write: 1, finder: 0, updates: 1 });
    expect(first.read).toBeLessThanOrEqual(2);
    metering.clock.time += 9_999;
    expect(await request()).toEqual({ read: 0, write: 0, finder: 0, updates: 0 });
    metering.clock.time += 2;
    // The request must not send a conditional write, which costs a write unit even if its condition is false.
    expect(await request()).toEqual({ read: first.read, write: 0, finder: 0, updates: 0 });
    metering.clock.time += HOUR;
    expect(await request()).toMatchObject({ write: 1, finder: 0 });
  });

  /** Delays table calls, and sends all delayed calls in one round every 25 ms. Returns a counter of the rounds. */
  function countRounds(table: Table): { count: number } {
    const rounds = { count: 0 };
    let round: Promise<void> | undefined;
    table.client.middlewareStack.add(
      (next) => async (args) => {
        round ??= sleep(25).then(() => {
          rounds.count += 1;
          round = undefined;
        });
        await round;
        return next(args);
      },
      { step: 'initialize', priority: 'high' },
    );
    return rounds;
  }
});

describe('the cost of the Customer view', () => {
  it('is at most 4 read units for the largest customer', async () => {
    const owner = await metering.signUp();
    const { customerId } = owner;
    // The texts of the customer have the maximum lengths and consist mostly of 3-byte characters. The customer has the
    // maximum number of licenses.
    const texts = { name: '漢'.repeat(200), address: '字'.repeat(500), phoneNumber: '+'.repeat(30) };
    await transact(metering.table, { customer: updateCustomer({ customerId, version: 1 }, texts) });
    for (let index = 1; index <= 5; index += 1) {
      await setLicense(metering.services, { operator: 'test' }, customerId, {
        type: 'enterprise',
        startsAt: metering.clock.now() + index * 100 * DAY + 1,
        endsAt: metering.clock.now() + (index + 1) * 100 * DAY + 1,
        maxMau: 999_999_999,
      });
    }
    for (let start = 0; start < 300; start += 100) {
      const rps = Array.from({ length: 100 }, (_, index) => newId('rp') + index.toString());
      await transact(
        metering.table,
        Object.fromEntries(
          rps.map((id) => [
            id,
            putRp({ customerId, id, rpId: `${id}.example`, name: id, registeredUsers: 0, createdAt: 0 }),
          ]),
        ),
      );
    }
    await transact(metering.table, { total: addToTotalMau(customerId, '2026-11', 123_456_789) });
    const setting = { enabled: true, threshold: Number.MAX_SAFE_INTEGER };
    await transact(metering.table, { alert: updateMauAlert({ customerId, version: 2 }, setting) });
    const notification = { month: '2026-11', threshold: Number.MAX_SAFE_INTEGER, status: 'bounced' } as const;
    await transact(metering.table, { customer: notifyOf(customerId, { ...notification, at: Date.now() }) });
    const email = `${newId('adm')}@example.com`;
    const added = { name: '名'.repeat(200), email, privilege: 'administrator' } as const;
    const { id: administratorId } = await addAdministrator(metering.services, await owner.caller(), added);
    const link = newSecret('lnk');
    const expiresAt = metering.clock.now() + HOUR;
    await putLink(metering.table, link, { purpose: 'activation', customerId, administratorId, email, expiresAt }, 0);
    const { sessionToken } = await createSession(metering.services, { token: link }, '192.0.2.1');

    const table = anotherClient(metering.table);
    const units = measure(table);
    const handler = buildGetCustomer({ ...metering.services, table }, routeNamed('get-customer'));
    for (const [credential, most] of [
      [owner.token, 3.5],
      [sessionToken, 4],
    ] as const) {
      units.read = 0;
      const { statusCode, body = '' } = await handler(
        httpEvent('GET /v1/customer', { credential, now: metering.clock.now() }),
        contextOf({ name: 'get-customer' }),
      );
      expect(statusCode).toBe(200);
      const view = JSON.parse(body) as CustomerView;
      expect([view.customer.name, view.license]).toEqual([
        texts.name,
        expect.objectContaining({ mauThisMonth: 123_456_789 }) as unknown,
      ]);
      expect(units).toEqual({ read: most, write: 0, finder: 0 });
    }
    // The service records when a session was last used, but at most once in 5 minutes.
    metering.clock.time += 5 * MINUTE;
    await handler(
      httpEvent('GET /v1/customer', { credential: owner.token, now: metering.clock.now() }),
      contextOf({ name: 'get-customer' }),
    );
    expect(units).toMatchObject({ write: 1, finder: 0 });
  });
});
