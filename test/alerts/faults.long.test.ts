import { SendEmailCommand } from '@aws-sdk/client-ses';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeRepresentative } from '../../functions/domain/customers/change-representative.ts';
import { newId } from '../../functions/domain/ids.ts';
import { DAY, MINUTE } from '../../functions/domain/time.ts';
import { handler } from '../../functions/events/send-mau-alerts.ts';
import { putAdministrator, type Administrator } from '../../functions/table/administrators.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { setStatus } from '../support/customer-status.ts';
import { MAU, MONTH, openAlerts, rejected, THRESHOLD, throttled } from '../support/metering/alerts.ts';
import { anotherClient, dyingAt, measure } from '../support/table-faults.ts';

let alerts: Awaited<ReturnType<typeof openAlerts>>;
beforeEach(async () => {
  alerts = await openAlerts();
});

const of = (status: string) => ({ month: MONTH, threshold: THRESHOLD, status });

describe('an alert run that is killed', () => {
  it.each([
    ['before storing the alert', 1, 'before', { atOnce: 1, inTheEnd: 1 }],
    ['after storing the alert', 1, 'after', { atOnce: 1, inTheEnd: 1 }],
    ['before claiming the alert', 2, 'before', { atOnce: 1, inTheEnd: 1 }],
    ['after claiming the alert', 2, 'after', { atOnce: 0, inTheEnd: 1 }],
    ['after SES accepted the alert', 3, 'before', { atOnce: 1, inTheEnd: 2 }],
    ['after recording that SES accepted the alert', 3, 'after', { atOnce: 1, inTheEnd: 1 }],
  ] as const)(
    '%s loses no alert: a later run sends each alert that is not recorded as accepted by SES',
    async (_, nth, when, expected) => {
      const customer = await alerts.exceed();
      await alerts.run({ own: dyingAt(alerts.table, nth, when) }).catch(() => undefined);
      alerts.pass(5 * MINUTE);
      await alerts.run();
      const atOnce = customer.asked();
      alerts.pass(6 * MINUTE);
      await alerts.run();
      await alerts.run();
      expect({ atOnce, inTheEnd: customer.asked() }).toEqual(expected);
      expect(await customer.notification()).toMatchObject(of('sent'));
      expect(await alerts.decisions()).toEqual([expect.objectContaining({ ...of('sent'), mau: MAU })]);
    },
  );
});

it('simultaneous alert runs create and send each alert once', async () => {
  const customers = await Promise.all(Array.from({ length: 12 }, () => alerts.exceed()));
  await Promise.all(Array.from({ length: 3 }, () => alerts.run({ own: anotherClient(alerts.table) })));
  await alerts.run();
  expect(alerts.sentTo().sort()).toEqual(customers.map(({ email }) => email).sort());
  for (const { notification } of customers) expect(await notification()).toMatchObject(of('sent'));
});

describe('an alert run', () => {
  it('sends each e-mail with SES tags that identify the alert, and stores the message ID that SES returns', async () => {
    const { customerId } = await alerts.exceed();
    await alerts.run();
    expect(alerts.ses.commandCalls(SendEmailCommand)[0]?.args[0].input.Tags).toEqual([
      { Name: 'customerId', Value: customerId },
      { Name: 'month', Value: MONTH },
      { Name: 'threshold', Value: String(THRESHOLD) },
    ]);
    expect(await alerts.decisions()).toMatchObject([{ messageId: 'message-1', sentAt: alerts.clock.now() }]);
  });

  it('stops sending when SES throttles an e-mail, and the next run sends all unsent e-mails', async () => {
    const customers = [await alerts.exceed(), await alerts.exceed(), await alerts.exceed()];
    alerts.ses.on(SendEmailCommand).rejects(throttled());
    expect(await alerts.run({ emailsPerSecond: 1 })).toMatchObject({ decided: 3, sent: 0, throttled: 1 });
    expect(alerts.sentTo()).toHaveLength(1);
    for (const { notification } of customers) expect(await notification()).toMatchObject(of('pending'));

    alerts.accept();
    expect(await alerts.run()).toMatchObject({ decided: 0, sent: 3 });
    for (const { notification } of customers) expect(await notification()).toMatchObject(of('sent'));
  });

  it('marks an alert as failed in the Customer view if SES refuses the e-mail, and the next run sends the e-mail again', async () => {
    const customer = await alerts.exceed();
    const other = await alerts.exceed();
    alerts.ses.on(SendEmailCommand, { Destination: { ToAddresses: [customer.email] } }).rejects(rejected());
    expect(await alerts.run()).toMatchObject({ sent: 1, failed: 1 });
    expect(await customer.notification()).toMatchObject(of('failed'));
    expect(await other.notification()).toMatchObject(of('sent'));

    alerts.accept();
    alerts.pass(5 * MINUTE);
    expect(await alerts.run()).toMatchObject({ sent: 1, failed: 0 });
    expect(await customer.notification()).toEqual({ ...of('sent'), at: alerts.clock.now() });
  });

  it('retries a refused e-mail for 3 days, then gives up and counts the failed alert in a metric', async () => {
    const customer = await alerts.exceed();
    alerts.ses.on(SendEmailCommand).rejects(rejected());
    await alerts.run();
    alerts.pass(3 * DAY - MINUTE);
    expect(await alerts.run()).toMatchObject({ failed: 1, 'given-up': 0 });
    alerts.pass(MINUTE);
    expect(await alerts.run()).toMatchObject({ failed: 0, 'given-up': 1 });
    expect(alerts.metrics.sum('FailedAlerts')).toBe(1);

    alerts.accept();
    alerts.pass(5 * MINUTE);
    expect(await alerts.run()).toMatchObject({ decided: 0, sent: 0 });
    expect(customer.asked()).toBe(0);
    expect(await customer.notification()).toMatchObject(of('failed'));
    expect(await alerts.decisions()).toMatchObject([of('failed')]);
  });

  it('sends no more e-mails per second than the sending rate of SES allows', async () => {
    for (let made = 0; made < 4; made += 1) await alerts.exceed();
    const times: number[] = [];
    const send = () => {
      times.push(performance.now());
      return Promise.resolve('message');
    };
    await alerts.run({ emailsPerSecond: 2, mailer: { send } });
    expect(times).toHaveLength(4);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThan(900);
  });
});

describe('an alert that is waiting to be sent', () => {
  let customer: Awaited<ReturnType<typeof alerts.exceed>>;
  beforeEach(async () => {
    customer = await alerts.exceed();
    alerts.ses.on(SendEmailCommand).rejects(throttled());
    await alerts.run();
    alerts.accept();
  });

  it.each([
    ['the MAU alert is switched off', { enabled: false, threshold: THRESHOLD }],
    ['the threshold is raised', { enabled: true, threshold: 900 }],
  ])('is dropped when %s, and is created again when the earlier setting is restored', async (_, setting) => {
    await customer.set(setting);
    expect(await alerts.run()).toMatchObject({ dropped: 1, sent: 0 });
    expect(await customer.notification()).toBeNull();
    expect(await alerts.decisions()).toEqual([]);

    await customer.set({ enabled: true, threshold: THRESHOLD });
    expect(await alerts.run()).toMatchObject({ decided: 1, sent: 1 });
    expect(customer.asked()).toBe(1);
  });

  it('is replaced by an alert for the new threshold when the threshold is lowered', async () => {
    await customer.set({ enabled: true, threshold: 700 });
    expect(await alerts.run()).toMatchObject({ decided: 1, dropped: 1, sent: 1 });
    expect(await customer.notification()).toMatchObject({ threshold: 700, status: 'sent' });
    expect(customer.asked()).toBe(1);
  });

  it('is still sent if the MAU alert is switched off and on again before the next alert run', async () => {
    await customer.set({ enabled: false, threshold: null });
    await customer.set({ enabled: true, threshold: THRESHOLD });
    expect(await alerts.run()).toMatchObject({ sent: 1 });
  });

  it('goes to the administrator who is the representative when the alert is sent', async () => {
    const { customerId } = customer;
    const bob: Administrator = {
      ...{ customerId, administratorId: newId('adm'), name: 'Bob Baba', email: 'bob@example.com' },
      ...{ privilege: 'administrator', status: 'active', sessionGeneration: 0, createdAt: 0 },
    };
    await transact(alerts.table, { administrator: putAdministrator(bob) });
    await changeRepresentative(alerts.services, await customer.caller(), (await customer.view()).version, bob);
    await alerts.run();
    expect(alerts.sentTo()).toEqual(['bob@example.com']);
  });

  it('is sent by a later alert run if the representative is replaced and removed during an alert run', async () => {
    const { administratorId } = customer.administrator;
    const own = anotherClient(alerts.table);
    own.client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const { Item } = answer.output as { Item?: { sk: string } };
        // Imitates an alert run that reads the customer before the representative is replaced. When the alert run then
        // reads the old representative, this administrator has already been removed.
        return Item?.sk === `ADMINISTRATOR#${administratorId}`
          ? { ...answer, output: { ...answer.output, Item: undefined } }
          : answer;
      },
      { step: 'initialize', priority: 'high' },
    );
    expect(await alerts.run({ own })).toMatchObject({ dropped: 0, sent: 0 });
    alerts.pass(11 * MINUTE);
    expect(await alerts.run()).toMatchObject({ decided: 0, sent: 1 });
  });

  it('is dropped if the customer is unsubscribing, without a change to the Customer view', async () => {
    await unsubscribe(customer.customerId);
    const before = await customer.view();
    expect(await alerts.run()).toMatchObject({ dropped: 1, sent: 0 });
    expect(await alerts.decisions()).toEqual([]);
    expect(await customer.view()).toEqual(before);
  });
});

/** Sets the status of a customer to `unsubscribing`. */
async function unsubscribe(customerId: string): Promise<void> {
  await setStatus(alerts.table, customerId, 'unsubscribing');
}

it('an alert run creates no alert for a customer that is unsubscribing', async () => {
  const { customerId } = await alerts.exceed();
  await unsubscribe(customerId);
  expect(await alerts.run()).toMatchObject({ exceeded: 1, decided: 0, sent: 0 });
  expect(await alerts.decisions()).toEqual([]);
});

describe('an alert run that runs out of time', () => {
  /**
   * Returns a function that returns how many milliseconds of the Lambda invocation remain: 300,000 in its first `looks`
   * calls, then 0.
   */
  const endsAfter = (looks: number) => () => (looks-- > 0 ? 300_000 : 0);

  it('is continued by the next runs until each customer has been checked once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => alerts.exceed()));
    const reports = [];
    do reports.push(await alerts.run({ left: endsAfter(7) }));
    while (reports.at(-1)?.isComplete === false && reports.length < 9);
    expect(reports.map(({ isComplete }) => isComplete)).toEqual([false, false, true]);
    expect(reports.reduce((sum, { looked }) => sum + looked, 0)).toBe(20);
    expect(await alerts.run()).toMatchObject({ isComplete: true, looked: 20, decided: 0 });
    expect(new Set(alerts.sentTo()).size).toBe(20);
  });

  it('leaves unsent alerts for the next run to send', async () => {
    await alerts.exceed();
    expect(await alerts.run({ left: endsAfter(16) })).toMatchObject({ isComplete: true, decided: 1, sent: 0 });
    expect(await alerts.run()).toMatchObject({ decided: 0, sent: 1 });
  });

  it('starts sending at a random alert, so that failing alerts do not block the other alerts', async () => {
    await Promise.all([alerts.exceed(), alerts.exceed(), alerts.exceed()]);
    await alerts.run({ left: endsAfter(16) });
    const asked = new Set<string>();
    const send = ({ to }: { to: string }) => {
      asked.add(to);
      return Promise.reject(rejected());
    };
    for (const chance of [0, 0.4, 0.7]) {
      await alerts.run({ left: endsAfter(17), emailsPerSecond: 1, mailer: { send }, random: () => chance });
    }
    expect(asked.size).toBe(3);
  });

  it('stops creating alerts early enough to send the alerts that were already created', async () => {
    await alerts.exceed();
    expect(await alerts.run({ left: () => 150_000 })).toMatchObject({ isComplete: false });
    await alerts.run({ left: endsAfter(16) });
    expect(await alerts.run({ left: () => 150_000 })).toMatchObject({ isComplete: false, sent: 1 });
  });
});

it('an alert run with no new alerts writes nothing and reads only its cursor, the GSI, MAU totals and stored alerts', async () => {
  for (let made = 0; made < 5; made += 1) await alerts.exceed();
  await alerts.exceed({ enabled: false, threshold: THRESHOLD });
  await alerts.run();
  const own = anotherClient(alerts.table);
  const units = measure(own);
  expect(await alerts.run({ own })).toMatchObject({ looked: 5, exceeded: 5, decided: 0, sent: 0 });
  expect(units.write).toBe(0);
  // The cursor is the position at which the next alert run continues if an alert run has run out of time. Reading the
  // cursor costs at most 1 read unit. Each other read costs half a read unit: 16 GSI partitions of customers, 16 GSI
  // partitions of pending alerts, 5 MAU totals and 5 stored alerts.
  expect(units.read).toBeLessThanOrEqual(1 + 16 + 5);
});

it('the handler of the alert run reads environment variables when it is called, not when it is imported', () => {
  const context = { getRemainingTimeInMillis: () => 0 } as Parameters<typeof handler>[1];
  expect(() => handler({} as Parameters<typeof handler>[0], context)).toThrow(
    'The environment variable TABLE_NAME is not set.',
  );
});
