import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { closeMonth } from '../../functions/domain/statements/close-month.ts';
import { cancelLicense } from '../../functions/domain/licenses/cancel-license.ts';
import { createCalendar } from '../../functions/domain/calendar.ts';
import type { NewLicense } from '../../functions/domain/licenses/set-license.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { sendMauAlerts } from '../../functions/domain/alerts/send-mau-alerts.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import type { Message } from '../../functions/email/mailer.ts';
import { build } from '../../functions/events/close-months.ts';
import { putActiveUser } from '../../functions/table/active-users.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { updateMauAlert } from '../../functions/table/customers/customer-edits.ts';
import { customerKey, rpKey } from '../../functions/table/keys.ts';
import { readAllStatements, type Statement } from '../../functions/table/statements.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { openMetering, type Metering } from '../support/metering.ts';
import {
  InjectedFault,
  anotherClient,
  meanwhile,
  injectFaults,
  measure,
  watchAttempts,
  type Attempt,
} from '../support/table-faults.ts';

const at = (iso: string) => Date.parse(iso);
let metering: Metering;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-09-10T09:00:00Z' });
});

type TestCustomer = Awaited<ReturnType<Metering['signUp']>>;
interface Run {
  hasTime?: () => boolean;
  on?: Table;
}
/** Runs the closing as the hourly schedule does. */
function run({ hasTime = () => true, on = metering.table }: Run = {}) {
  const closing = build({ ...metering.services, table: on });
  return closing({} as Parameters<typeof closing>[0], {
    getRemainingTimeInMillis: () => (hasTime() ? 15 * MINUTE : 3 * MINUTE),
  });
}
let users = 0;
/** Stores records of `count` new active users at an RP in a month. */
async function record({ customerId, rpRef }: { customerId: string; rpRef: string }, month: string, count: number) {
  await Promise.all(
    Array.from({ length: count }, () => {
      const userId = `user-${(users += 1)}`;
      return putActiveUser(metering.table, { customerId, rpRef, month, userId, firstOperationAt: 0 }, 0);
    }),
  );
}
const statements = ({ customerId }: { customerId: string }) => readAllStatements(metering.table, customerId);
/** Returns the MAU of every statement of a customer, by month. */
const closed = async (customer: TestCustomer) =>
  Object.fromEntries((await statements(customer)).map(({ month, mau }) => [month, mau]));
const read = async ({ customerId }: { customerId: string }) => {
  const customer = await readCustomer(metering.table, customerId, 'strong');
  if (!customer) throw new Error('The customer does not exist.');
  return customer;
};
const license = ({ customerId }: TestCustomer, wanted: NewLicense) =>
  setLicense(metering.services, { operator: 'test' }, customerId, wanted);
const cancel = ({ customerId }: TestCustomer, startsAt: number) =>
  cancelLicense(metering.services, { operator: 'test' }, customerId, startsAt);
const setStatus = ({ customerId }: TestCustomer, status: string) =>
  metering.table.client.send(
    new UpdateCommand({
      TableName: metering.table.name,
      Key: customerKey(customerId),
      UpdateExpression: 'SET #status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status },
    }),
  );

describe('a month', () => {
  it('is closed 5 minutes after the beginning of the 4th, with the MAU of each RP', async () => {
    const customer = await metering.signUp();
    await license(customer, { type: 'business', endsAt: at('2027-01-01T00:00:00Z'), maxMau: 5 });
    const [shop, blog] = [await customer.rp(), await customer.rp()];
    const idle = await customer.rp();
    await record(shop, '2026-09', 7);
    await record(blog, '2026-09', 2);
    await record(shop, '2026-10', 4);

    metering.clock.time = at('2026-10-04T00:05:00Z') - 1;
    expect(await run()).toEqual({ through: '2026-08', closed: 0, complete: true });
    expect(await statements(customer)).toEqual([]);
    metering.clock.time += 1;
    expect(await run()).toEqual({ through: '2026-09', closed: 1, complete: true });
    const [statement, ...others] = await statements(customer);
    expect(others).toEqual([]);
    expect(statement).toMatchObject({
      customerId: customer.customerId,
      month: '2026-09',
      timeZone: 'UTC',
      closedAt: at('2026-10-04T00:05:00Z'),
      license: { type: 'business', startsAt: at('2026-09-10T09:00:00Z'), endsAt: at('2027-01-01T00:00:00Z') },
      mau: 9,
      maxMau: 5,
      overageMau: 4,
      overageFee: { amount: '0.20', currency: 'USD' },
    });
    expect(statement?.rps).toEqual({ [shop.rpRef]: 7, [blog.rpRef]: 2 });
    expect(Object.keys(statement?.rps ?? {})).not.toContain(idle.rpRef);
    expect(metering.lines).toContainEqual({
      level: 'info',
      message: 'month closed',
      fields: expect.objectContaining({ customerId: customer.customerId, month: '2026-09', mau: 9 }) as unknown,
    });
  });

  it.each([
    // Daylight saving time ends on November 1, so November 4 begins 73 hours after the end of October.
    ['America/New_York', '2026-10', '2026-11-04T05:05:00Z'],
    ['America/New_York', '2026-02', '2026-03-04T05:05:00Z'],
    // Clocks are moved forward by half an hour on October 4.
    ['Australia/Lord_Howe', '2026-09', '2026-10-03T13:35:00Z'],
    ['Asia/Kolkata', '2026-12', '2027-01-03T18:35:00Z'],
    ['Pacific/Kiritimati', '2026-10', '2026-11-03T10:05:00Z'],
  ])('of a service in %s is closed by the local time: %s at %s', async (timeZone, month, closesAt) => {
    const calendar = createCalendar(timeZone);
    metering = await openMetering({ now: new Date(calendar.startOf(month)).toISOString(), timeZone });
    const customer = await metering.signUp();
    await record(await customer.rp(), month, 2);
    metering.clock.time = at(closesAt) - 1;
    await run();
    expect(await closed(customer)).toEqual({});
    metering.clock.time = at(closesAt);
    await run();
    expect(await closed(customer)).toEqual({ [month]: 2 });
    expect((await statements(customer))[0]).toMatchObject({ timeZone });
  });

  it('that earlier runs missed is closed with its own numbers, beginning with the month of the sign-up', async () => {
    const early = await metering.signUp();
    const rp = await early.rp();
    metering.clock.time = at('2026-11-30T23:59:59.999Z');
    const late = await metering.signUp();
    for (const [index, month] of ['2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'].entries()) {
      await record(rp, month, index + 1);
    }
    metering.clock.time += 40 * DAY;
    expect(await run()).toEqual({ through: '2026-12', closed: 6, complete: true });
    expect(await closed(early)).toEqual({ '2026-09': 2, '2026-10': 3, '2026-11': 4, '2026-12': 5 });
    expect(await closed(late)).toEqual({ '2026-11': 0, '2026-12': 0 });
    expect((await read(early)).closedThrough).toBe('2026-12');

    metering.clock.time = at('2027-02-04T00:05:00Z');
    expect(await run()).toEqual({ through: '2027-01', closed: 2, complete: true });
    expect(await closed(early)).toMatchObject({ '2027-01': 6 });
  });

  it('includes RPs that were removed, and RPs that were registered before the month closed', async () => {
    const customer = await metering.signUp();
    const removed = await customer.rp();
    await record(removed, '2026-09', 3);
    await metering.table.client.send(
      new UpdateCommand({
        TableName: metering.table.name,
        Key: rpKey(customer.customerId, removed.rpRef),
        UpdateExpression: 'SET removedAt = :now',
        ExpressionAttributeValues: { ':now': metering.clock.time },
      }),
    );
    metering.clock.time = at('2026-10-03T23:59:59.999Z');
    const young = await customer.rp();
    await record(young, '2026-09', 2); // late operations from before the RP was registered
    metering.clock.time += 1;
    const younger = await customer.rp();
    await record(younger, '2026-10', 1);
    metering.clock.time += HOUR;
    await run();
    expect((await statements(customer))[0]?.rps).toEqual({ [removed.rpRef]: 3, [young.rpRef]: 2 });
  });

  it('does not count the records of RPs that were removed before the month began', async () => {
    const customer = await metering.signUp();
    const [before, after] = [await customer.rp(), await customer.rp()];
    /** Marks an RP as removed `before` milliseconds before November. */
    const remove = (rp: string, before: number) =>
      metering.table.client.send(
        new UpdateCommand({
          TableName: metering.table.name,
          Key: rpKey(customer.customerId, rp),
          UpdateExpression: 'SET removedAt = :at',
          ExpressionAttributeValues: { ':at': at('2026-11-01T00:00:00Z') - before },
        }),
      );
    // A process accepts a remembered key for 10 seconds, a request lasts at most 30 seconds, and an RP's clock may be 5
    // minutes ahead.
    await remove(before.rpRef, 5 * MINUTE + 40_001);
    await remove(after.rpRef, 5 * MINUTE + 40_000);
    await record(before, '2026-10', 2);
    await record(after, '2026-11', 1);
    const counted = new Set<string>();
    const on = watchAttempts(anotherClient(metering.table), ({ input }) => {
      if (input['Select'] !== 'COUNT') return;
      const [, rp = '', month = ''] = /(rp_\w+)#(\d{4}-\d\d)/.exec(JSON.stringify(input)) ?? [];
      counted.add(`${rp} ${month}`);
    });
    metering.clock.time = at('2027-01-05T00:00:00Z');
    await run({ on });
    expect(await closed(customer)).toMatchObject({ '2026-10': 2, '2026-11': 1, '2026-12': 0 });
    const months = (rp: string) => [...counted].filter((name) => name.startsWith(rp)).map((name) => name.slice(-7));
    expect(months(before.rpRef)).toEqual(['2026-09', '2026-10']);
    expect(months(after.rpRef)).toEqual(['2026-09', '2026-10', '2026-11']);
  });

  it('is closed for a provisional customer, but not for an unsubscribing one', async () => {
    const [active, provisional, unsubscribing] = [
      await metering.signUp(),
      await metering.signUp(),
      await metering.signUp(),
    ];
    await setStatus(provisional, 'provisional');
    await setStatus(unsubscribing, 'unsubscribing');
    metering.clock.time += 40 * DAY;
    expect(await run()).toMatchObject({ closed: 2, complete: true });
    expect([await closed(active), await closed(provisional), await closed(unsubscribing)]).toEqual([
      { '2026-09': 0 },
      { '2026-09': 0 },
      {},
    ]);
  });

  it('is closed before its end for a customer that leaves, with the license in force at that time', async () => {
    const customer = await metering.signUp();
    await license(customer, {
      type: 'starter',
      startsAt: at('2026-09-20T00:00:00Z'),
      endsAt: at('2027-01-01T00:00:00Z'),
    });
    await record(await customer.rp(), '2026-09', 2);
    await setStatus(customer, 'unsubscribing');
    const statement = await closeMonth(metering.services, await read(customer), '2026-09');
    expect(statement).toMatchObject({ mau: 2, license: { type: 'business' } });
    expect(await closed(customer)).toEqual({ '2026-09': 2 });
  });
});

describe('the license of a statement', () => {
  const terms = { endsAt: at('2027-06-01T00:00:00Z') };
  const september = (day: string) => at(`2026-09-${day}T00:00:00Z`);

  it.each<[string, (customer: TestCustomer) => Promise<unknown>, Partial<Statement>]>([
    [
      'is the Free license when no paid one was set',
      (customer) => license(customer, { type: 'free' }),
      { license: { type: 'free', startsAt: september('10') + 9 * HOUR, endsAt: null }, maxMau: null, overageFee: null },
    ],
    [
      'is the one in force at the end of the month when it began in the middle of the month',
      async (customer) => {
        await license(customer, { ...terms, type: 'starter', maxMau: 1 });
        await license(customer, { ...terms, type: 'enterprise', startsAt: september('20'), maxMau: 2 });
      },
      { maxMau: 2, overageMau: 8, overageFee: { amount: '0.16', currency: 'USD' } },
    ],
    [
      'is the one that begins with the last instant of the month',
      (customer) =>
        license(customer, { ...terms, type: 'starter', startsAt: at('2026-09-30T23:59:59.999Z'), maxMau: 4 }),
      { maxMau: 4, overageMau: 6, overageFee: { amount: '0.48', currency: 'USD' } },
    ],
    [
      'is the earlier one when another begins with the next month',
      async (customer) => {
        await license(customer, { ...terms, type: 'starter', maxMau: 9 });
        await license(customer, { ...terms, type: 'enterprise', startsAt: at('2026-10-01T00:00:00Z'), maxMau: 2 });
      },
      { maxMau: 9, overageMau: 1, overageFee: { amount: '0.08', currency: 'USD' } },
    ],
    [
      'keeps its maximum and fee when it expired in the middle of the month',
      (customer) => license(customer, { type: 'business', endsAt: september('15'), maxMau: 3 }),
      { maxMau: 3, overageMau: 7, overageFee: { amount: '0.35', currency: 'USD' } },
    ],
    [
      'is not the one that is set on the 2nd of the next month',
      async (customer) => {
        await license(customer, { ...terms, type: 'business', maxMau: 6 });
        metering.clock.time = at('2026-10-02T10:00:00Z');
        await license(customer, { ...terms, type: 'enterprise', maxMau: 1 });
      },
      { maxMau: 6, overageMau: 4, overageFee: { amount: '0.20', currency: 'USD' } },
    ],
    [
      'is the one that is set on the 2nd of the next month with a start before the month ended',
      async (customer) => {
        await license(customer, { ...terms, type: 'business', maxMau: 6 });
        metering.clock.time = at('2026-10-02T10:00:00Z');
        await license(customer, { ...terms, type: 'enterprise', startsAt: september('01'), maxMau: 1 });
      },
      { maxMau: 1, overageMau: 9, overageFee: { amount: '0.18', currency: 'USD' } },
    ],
    [
      'is the earlier one when the one that was to begin in the month was cancelled',
      async (customer) => {
        await license(customer, { ...terms, type: 'business', maxMau: 6 });
        await license(customer, { ...terms, type: 'enterprise', startsAt: september('20'), maxMau: 1 });
        metering.clock.time = september('20') - 1;
        await cancel(customer, september('20'));
      },
      { maxMau: 6, overageMau: 4, overageFee: { amount: '0.20', currency: 'USD' } },
    ],
    [
      'is the one that was set with the same start as a cancelled one',
      async (customer) => {
        await license(customer, { ...terms, type: 'business', startsAt: september('20'), maxMau: 6 });
        await cancel(customer, september('20'));
        await license(customer, { ...terms, type: 'enterprise', startsAt: september('20'), maxMau: 1 });
      },
      { maxMau: 1, overageMau: 9, overageFee: { amount: '0.18', currency: 'USD' } },
    ],
    [
      'has no overage at its maximum',
      (customer) => license(customer, { ...terms, type: 'starter', maxMau: 10 }),
      { maxMau: 10, overageMau: 0, overageFee: { amount: '0.00', currency: 'USD' } },
    ],
  ])('%s', async (_, set, expected) => {
    const customer = await metering.signUp();
    const rp = await customer.rp();
    await set(customer);
    await record(rp, '2026-09', 10);
    metering.clock.time = at('2026-10-04T01:00:00Z');
    await run();
    expect((await statements(customer))[0]).toMatchObject({ month: '2026-09', mau: 10, ...expected });
  });

  it('is the one that is set while the month is being closed, if it begins in that month', async () => {
    const customer = await metering.signUp();
    await record(await customer.rp(), '2026-09', 3);
    metering.clock.time = at('2026-10-04T01:00:00Z');
    const slow = anotherClient(metering.table);
    let isSet = false;
    slow.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (commandName.startsWith('TransactWrite') && !isSet) {
            isSet = true;
            await license(customer, { ...terms, type: 'starter', startsAt: september('01'), maxMau: 2 });
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    expect(await run({ on: slow })).toMatchObject({ closed: 1, complete: true });
    expect((await statements(customer))[0]).toMatchObject({ license: { type: 'starter' }, overageMau: 1 });
  });

  it.each(['closing', 'cancelling'])(
    'is not one that is cancelled while the month is being closed, with the write of the %s last',
    async (last) => {
      const customer = await metering.signUp();
      const startsAt = at('2026-10-04T01:00:00.001Z');
      await license(customer, { ...terms, type: 'enterprise', startsAt, maxMau: 1 });
      metering.clock.time = startsAt - 1;
      if (last === 'closing') {
        const table = meanwhile(metering.table, () => cancel(customer, startsAt));
        expect(await run({ on: table })).toMatchObject({ closed: 1, complete: true });
      } else {
        const table = meanwhile(metering.table, () => run());
        await cancelLicense({ ...metering.services, table }, { operator: 'test' }, customer.customerId, startsAt);
      }
      expect(await closed(customer)).toEqual({ '2026-09': 0 });
      expect((await read(customer)).upcomingLicenses).toEqual([]);
      metering.clock.time = at('2026-11-04T01:00:00Z');
      await run();
      expect((await statements(customer)).map(({ month, license: { type } }) => [month, type])).toEqual([
        ['2026-09', 'business'],
        ['2026-10', 'business'],
      ]);
    },
  );
});

describe('a closing', () => {
  it('that dies at any call is completed once by the next run', async () => {
    const customer = await metering.signUp();
    const rp = await customer.rp();
    let month = '2026-09';
    let lastClosed: string | undefined;
    const { calendar } = metering.services;
    /**
     * Closes the next month with a run that dies where `dies` says so, and then with a run that does not die. `dies` gets
     * the number of each call to the table, from 1.
     */
    async function closeNext(dies: (attempt: Attempt, call: number) => 'before' | 'after' | undefined) {
      const mau = 1 + (users % 3);
      await record(rp, month, mau);
      metering.clock.time = calendar.closingOf(month) + 5 * MINUTE;
      const mortal = anotherClient(metering.table);
      let calls = 0;
      let death: 'before' | 'after' | undefined;
      injectFaults(mortal, (attempt) => {
        if (death) return { before: new InjectedFault('it is dead') };
        death = dies(attempt, (calls += 1));
        if (death === 'before') return { before: new InjectedFault(`before call ${calls}`) };
        return death && { after: new InjectedFault(`after call ${calls}`) };
      });
      const outcome = await run({ on: mortal }).then(
        () => 'done',
        () => 'died',
      );
      const kept = (await closed(customer))[month];
      expect([undefined, mau]).toContain(kept);
      expect((await read(customer)).closedThrough).toBe(kept === undefined ? lastClosed : month);
      await run();
      expect((await statements(customer)).at(-1)).toMatchObject({ month, mau, rps: { [rp.rpRef]: mau } });
      expect((await read(customer)).closedThrough).toBe(month);
      lastClosed = month;
      month = calendar.plus(month, 1);
      return { outcome, calls, kept };
    }
    const whole = await closeNext(() => undefined);
    expect(whole).toMatchObject({ outcome: 'done', kept: expect.any(Number) as unknown });
    expect(whole.calls).toBeGreaterThan(30);
    for (let call = 1; call <= whole.calls; call += 1) {
      const { outcome } = await closeNext((_, index) => (index === call ? 'before' : undefined));
      expect(outcome).toBe('died');
    }
    const { outcome, kept } = await closeNext(({ command }) =>
      command === 'TransactWriteItemsCommand' ? 'after' : undefined,
    );
    expect([outcome, kept]).toEqual(['died', expect.any(Number)]);
    const all = await statements(customer);
    expect(all).toHaveLength(whole.calls + 2);
    expect(new Set(all.map((statement) => statement.month)).size).toBe(all.length);
  });

  it('handles a customer that is activated meanwhile, and leaves one that the finder missed to the next run', async () => {
    const [known, missed, activated] = [await metering.signUp(), await metering.signUp(), await metering.signUp()];
    await setStatus(activated, 'provisional');
    metering.clock.time = at('2026-10-04T00:05:00Z');
    const early = anotherClient(metering.table);
    early.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          // The customer is activated after the run has read it, so the transaction finds another status.
          if (commandName.startsWith('TransactWrite')) await setStatus(activated, 'active');
          const answer = await next(args);
          const output = answer.output as { Items?: { sk: string; finderSk?: string }[] };
          output.Items &&= output.Items.filter(({ finderSk }) => finderSk !== missed.customerId);
          return answer;
        },
      { step: 'initialize', priority: 'high' },
    );
    expect(await run({ on: early })).toEqual({ through: '2026-09', closed: 2, complete: true });
    expect([await closed(known), await closed(missed), await closed(activated)]).toEqual([
      { '2026-09': 0 },
      {},
      { '2026-09': 0 },
    ]);
    metering.clock.time += HOUR;
    expect(await run()).toEqual({ through: '2026-09', closed: 1, complete: true });
    expect(await closed(missed)).toEqual({ '2026-09': 0 });

    // A run that finds every customer closed may die while it stores that. The next run stores it again, and after that a
    // run reads only this item.
    const mortal = injectFaults(anotherClient(metering.table), ({ command }) =>
      command === 'PutItemCommand' ? { before: new InjectedFault('it is dead') } : undefined,
    );
    await expect(run({ on: mortal })).rejects.toThrow();
    const watched: string[] = [];
    const reader = watchAttempts(anotherClient(metering.table), ({ command }) => watched.push(command));
    expect(await run({ on: reader })).toEqual({ through: '2026-09', closed: 0, complete: true });
    expect(watched).toContain('PutItemCommand');
    watched.length = 0;
    await run({ on: reader });
    expect(watched).toEqual(['GetItemCommand']);
  });

  it('handles 4 customers at the same time', async () => {
    await Promise.all(Array.from({ length: 6 }, () => metering.signUp()));
    metering.clock.time = at('2026-10-04T00:05:00Z');
    let underWay = 0;
    let most = 0;
    const slow = anotherClient(metering.table);
    slow.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (!commandName.startsWith('TransactWrite')) return next(args);
          most = Math.max(most, (underWay += 1));
          await sleep(50);
          return next(args).finally(() => (underWay -= 1));
        },
      { step: 'initialize' },
    );
    expect(await run({ on: slow })).toMatchObject({ closed: 6, complete: true });
    expect(most).toBe(4);
  });

  it('by several runs at the same time closes each month of each customer once', async () => {
    const customers = await Promise.all(Array.from({ length: 4 }, () => metering.signUp()));
    for (const [index, customer] of customers.entries()) await record(await customer.rp(), '2026-10', index);
    metering.clock.time = at('2026-12-05T00:00:00Z');
    const reports = await Promise.all(Array.from({ length: 4 }, () => run({ on: anotherClient(metering.table) })));
    expect(reports.every(({ complete }) => complete)).toBe(true);
    expect(reports.reduce((sum, report) => sum + report.closed, 0)).toBe(4 * 3);
    for (const [index, customer] of customers.entries()) {
      expect(await closed(customer)).toEqual({ '2026-09': 0, '2026-10': index, '2026-11': 0 });
    }
    expect(await run()).toEqual({ through: '2026-11', closed: 0, complete: true });
  });

  it('stops when it has no time left, and the next run continues from there', async () => {
    const customers = await Promise.all(Array.from({ length: 3 }, () => metering.signUp()));
    metering.clock.time = at('2026-11-04T00:05:00Z');
    for (const left of [4, 2]) {
      let months = 0;
      const report = await run({ hasTime: () => (months += 1) <= 2 });
      expect(report).toEqual({ through: '2026-10', closed: 2, complete: false });
      const all = await Promise.all(customers.map(closed));
      expect(all.flatMap((months) => Object.keys(months))).toHaveLength(6 - left);
    }
    expect(await run()).toEqual({ through: '2026-10', closed: 2, complete: true });
    for (const customer of customers) expect(await closed(customer)).toEqual({ '2026-09': 0, '2026-10': 0 });
  });

  it('adds to a metric when a run leaves a month open a day after its closing, and not before', async () => {
    await metering.signUp();
    const overdue = () => metering.metrics.sum('OverdueClosings');

    metering.clock.time = at('2026-10-05T00:00:00Z') - 1;
    expect(await run({ hasTime: () => false })).toMatchObject({ complete: false });
    expect(overdue()).toBe(0);
    metering.clock.time += 1;
    expect(await run({ hasTime: () => false })).toMatchObject({ complete: false });
    expect(overdue()).toBe(1);
    expect(await run()).toMatchObject({ closed: 1, complete: true });
    expect(overdue()).toBe(1);
  });

  it('that fails for one customer closes the others, throws, and closes that customer in a later run', async () => {
    const customers = await Promise.all(Array.from({ length: 3 }, () => metering.signUp()));
    const [unlucky] = customers;
    metering.clock.time = at('2026-10-04T00:05:00Z');
    const faulty = injectFaults(anotherClient(metering.table), ({ command, input }) =>
      command.startsWith('TransactWrite') && JSON.stringify(input).includes(unlucky?.customerId ?? '')
        ? { before: new InjectedFault('this customer only') }
        : undefined,
    );
    await expect(run({ on: faulty })).rejects.toThrow('could not be closed through 2026-09: 1.');
    const all = await Promise.all(customers.map(closed));
    expect(all.map((months) => Object.keys(months).length).sort()).toEqual([0, 1, 1]);
    expect(metering.lines).toContainEqual({
      level: 'error',
      message: 'the months of a customer could not be closed',
      fields: expect.objectContaining({ customerId: unlucky?.customerId }) as unknown,
    });
    expect(metering.metrics.values).toEqual(new Map([['UnclosedCustomers', [1]]]));
    expect(await run()).toEqual({ through: '2026-09', closed: 1, complete: true });
  });

  it('decides once an alert that no alert run has decided, even if it dies after that', async () => {
    const customer = await metering.signUp();
    await transact(metering.table, { alert: updateMauAlert(await read(customer), { enabled: true, threshold: 2 }) });
    const rp = await customer.rp();
    // The aggregator and the alert runs have not run for hours, so there are no counters.
    await record(rp, '2026-09', 3);
    await record(rp, '2026-10', 2);
    metering.clock.time = at('2026-10-04T05:00:00Z');
    const mortal = injectFaults(anotherClient(metering.table), ({ command, input }) =>
      command.startsWith('TransactWrite') && JSON.stringify(input).includes('STATEMENT#')
        ? { before: new InjectedFault('it is dead') }
        : undefined,
    );
    await expect(run({ on: mortal })).rejects.toThrow();
    metering.clock.time += HOUR;
    await run();
    metering.clock.time = at('2026-11-04T05:00:00Z');
    await run();
    const alerts = (await metering.dump()).filter(({ sk }) => String(sk).startsWith('ALERT#'));
    expect(alerts).toMatchObject([
      { month: '2026-09', threshold: 2, mau: 3, status: 'pending', decidedAt: at('2026-10-04T05:00:00Z') },
    ]);
    expect((await read(customer)).mauAlert.lastNotification).toMatchObject({ month: '2026-09', status: 'pending' });

    const mails: Message[] = [];
    const send = (message: Message) => Promise.resolve(String(mails.push(message)));
    await sendMauAlerts({ ...metering.services, mailer: { send }, emailsPerSecond: 10, random: () => 0 }, () => true);
    expect(mails).toMatchObject([{ to: customer.email, tags: { month: '2026-09', threshold: '2' } }]);
  });

  it('writes nothing for a customer that begins to unsubscribe meanwhile', async () => {
    const customer = await metering.signUp();
    metering.clock.time = at('2026-10-04T00:05:00Z');
    await license(customer, { type: 'starter', endsAt: at('2027-01-01T00:00:00Z') });
    const slow = anotherClient(metering.table);
    slow.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (commandName.startsWith('TransactWrite')) await setStatus(customer, 'unsubscribing');
          return next(args);
        },
      { step: 'initialize' },
    );
    expect(await run({ on: slow })).toMatchObject({ closed: 0, complete: true });
    expect(await closed(customer)).toEqual({});
    await metering.table.client.send(
      new DeleteCommand({ TableName: metering.table.name, Key: customerKey(customer.customerId) }),
    );
    metering.clock.time += 40 * DAY;
    await run();
    const left = (await metering.dump()).filter(({ pk }) => pk === customerKey(customer.customerId).pk);
    expect(left.map(({ sk }) => sk)).toEqual([
      expect.stringMatching(/^ADMINISTRATOR#/),
      expect.stringMatching(/^LICENSE#/),
      expect.stringMatching(/^LICENSE#/),
    ]);
  });

  it('costs half a read unit when no month is due', async () => {
    await Promise.all(Array.from({ length: 3 }, () => metering.signUp()));
    metering.clock.time = at('2026-10-04T00:05:00Z');
    await run();
    await run();
    const idle = anotherClient(metering.table);
    const units = measure(idle);
    const attempts: string[] = [];
    watchAttempts(idle, ({ command }) => attempts.push(command));
    for (const time of ['2026-10-04T01:05:00Z', '2026-10-31T23:05:00Z', '2026-11-04T00:04:59.999Z']) {
      metering.clock.time = at(time);
      await run({ on: idle });
    }
    expect(attempts).toEqual(['GetItemCommand', 'GetItemCommand', 'GetItemCommand']);
    expect(units).toMatchObject({ read: 1.5, write: 0 });
  });

  it('reads all customers again after the clock was put back', async () => {
    metering.clock.time = at('2027-06-10T00:00:00Z');
    await run();
    metering.clock.time = at('2026-11-10T00:00:00Z');
    const customer = await metering.signUp();
    metering.clock.time = at('2026-12-10T00:00:00Z');
    await run();
    expect(await closed(customer)).toEqual({ '2026-11': 0 });
  });
});
