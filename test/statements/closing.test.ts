import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { sendMauAlerts } from '../../functions/domain/alerts/send-mau-alerts.ts';
import { DAY, HOUR } from '../../functions/domain/time.ts';
import type { Message } from '../../functions/email/mailer.ts';
import { updateMauAlert } from '../../functions/table/customers/customer-edits.ts';
import { customerKey } from '../../functions/table/keys.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { closingOf } from '../support/metering/closing.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { InjectedFault, anotherClient, injectFaults, measure, watchAttempts } from '../support/table-faults.ts';

const at = (iso: string) => Date.parse(iso);
let metering: Metering;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-09-10T09:00:00Z' });
});
const { run, record, closed, read, license, setStatus } = closingOf(() => metering);

describe('a run that closes months', () => {
  it('closes the months of customers that are activated during the run or that the previous run missed', async () => {
    const [known, missed, activated] = [await metering.signUp(), await metering.signUp(), await metering.signUp()];
    await setStatus(activated, 'provisional');
    metering.clock.time = at('2026-10-04T00:05:00Z');
    const early = anotherClient(metering.table);
    early.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          // Activates the customer after the run has read the status `provisional`, so the transaction finds `active`.
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

    // When a month is closed for every customer, a run stores this fact in an item. If the run dies before it stores
    // the item, the next run stores the item. Later runs read only this item.
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

  it('closes the months of up to 4 customers at the same time', async () => {
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

  it('stops when it runs out of time, and the next run closes the remaining months', async () => {
    const customers = await Promise.all(Array.from({ length: 3 }, () => metering.signUp()));
    metering.clock.time = at('2026-11-04T00:05:00Z');
    for (const left of [4, 2]) {
      let checks = 0;
      // A run checks the time before each customer and before each month, and begins with the three customers together.
      const report = await run({ hasTime: () => (checks += 1) <= 5 });
      expect(report).toEqual({ through: '2026-10', closed: 2, complete: false });
      const all = await Promise.all(customers.map(closed));
      expect(all.flatMap((months) => Object.keys(months))).toHaveLength(6 - left);
    }
    expect(await run()).toEqual({ through: '2026-10', closed: 2, complete: true });
    for (const customer of customers) expect(await closed(customer)).toEqual({ '2026-09': 0, '2026-10': 0 });
  });

  it('fails if a month is still open one day after its closing time, so that it is no completed run', async () => {
    await metering.signUp();

    metering.clock.time = at('2026-10-05T00:00:00Z') - 1;
    expect(await run({ hasTime: () => false })).toMatchObject({ complete: false });
    metering.clock.time += 1;
    await expect(run({ hasTime: () => false })).rejects.toThrow('The month 2026-09 is overdue to be closed.');
    expect(await run()).toMatchObject({ closed: 1, complete: true });
  });

  it('closes the months of the other customers if it fails for one customer, and then throws an error', async () => {
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
    expect(await run()).toEqual({ through: '2026-09', closed: 1, complete: true });
  });

  it('fails if a customer fails in a run that also runs out of time, so that the failure is not silent', async () => {
    for (let customers = 0; customers < 5; customers += 1) await metering.signUp();
    metering.clock.time = at('2026-10-04T00:05:00Z');
    const faulty = injectFaults(anotherClient(metering.table), ({ command }) =>
      command.startsWith('TransactWrite') ? { before: new InjectedFault('no customer') } : undefined,
    );
    let checks = 0;
    // A run begins with four customers together, and checks the time before each customer and before each month.
    const hasTime = () => (checks += 1) <= 8;
    await expect(run({ on: faulty, hasTime })).rejects.toThrow('could not be closed through 2026-09: 4.');
  });

  it('creates each missed MAU alert exactly once, even if the previous run died before it closed the month', async () => {
    const customer = await metering.signUp();
    await transact(metering.table, { alert: updateMauAlert(await read(customer), { enabled: true, threshold: 2 }) });
    const rp = await customer.rp();
    // The test starts neither the aggregator nor an alert run, so the table contains no MAU counters.
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

  it('writes nothing for a customer that begins to unsubscribe during the run', async () => {
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
    expect(left.map(({ sk }) => String(sk)).filter((sk) => !sk.startsWith('AUDIT#'))).toEqual([
      expect.stringMatching(/^ADMINISTRATOR#/),
      expect.stringMatching(/^ADMINISTRATOR-EMAIL#/),
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

  it('reads all customers again after the clock is set back', async () => {
    metering.clock.time = at('2027-06-10T00:00:00Z');
    await run();
    metering.clock.time = at('2026-11-10T00:00:00Z');
    const customer = await metering.signUp();
    metering.clock.time = at('2026-12-10T00:00:00Z');
    await run();
    expect(await closed(customer)).toEqual({ '2026-11': 0 });
  });
});
