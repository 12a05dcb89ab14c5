import { SendEmailCommand } from '@aws-sdk/client-ses';
import { beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../functions/domain/ids.ts';
import { recordMailEvent } from '../../functions/domain/mail/record-mail-event.ts';
import { MINUTE } from '../../functions/domain/time.ts';
import { putAdministrator, type Administrator } from '../../functions/table/administrators.ts';
import { updateMauAlert } from '../../functions/table/customers/customer-edits.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { MAU, MONTH, openAlerts, rejected, THRESHOLD } from '../support/metering/alerts.ts';
import { anotherClient, dyingAt, measure } from '../support/table-faults.ts';

let alerts: Awaited<ReturnType<typeof openAlerts>>;
beforeEach(async () => {
  alerts = await openAlerts();
});

const absolute = (threshold: number) => ({ kind: 'absolute' as const, threshold });
let people = 0;

/** Signs up a customer whose MAU exceeds its threshold, and whose alert also goes to so many other administrators. */
async function exceedWithRecipients(count: number) {
  const customer = await alerts.exceed();
  const others = Array.from({ length: count }, (): Administrator => {
    const email = `recipient-${(people += 1)}@example.com`;
    return {
      ...{ customerId: customer.customerId, administratorId: newId('adm'), name: 'Bob Baba', email },
      ...{ privilege: 'administrator', status: 'active', sessionGeneration: 0, createdAt: 0 },
    };
  });
  for (const other of others) await transact(alerts.table, { administrator: putAdministrator(other) });
  await customer.set({
    ...{ enabled: true, threshold: THRESHOLD },
    recipients: others.map(({ administratorId }) => administratorId),
  });
  return { customer, emails: [customer.email, ...others.map(({ email }) => email)], others };
}
const timesSent = (emails: readonly string[]) =>
  emails.map((email) => alerts.sentTo().filter((to) => to === email).length);

describe('an alert run for an alert with recipients that is killed', () => {
  it.each([
    ['before storing the alert', 1, 'before', [1, 1, 1]],
    ['after storing the alert', 1, 'after', [1, 1, 1]],
    ['before claiming the alert', 2, 'before', [1, 1, 1]],
    ['after claiming the alert', 2, 'after', [1, 1, 1]],
    ['before storing the copies', 3, 'before', [1, 1, 1]],
    ['after storing the copies', 3, 'after', [1, 1, 1]],
    ['after SES accepted the e-mail to the representative', 4, 'before', [2, 1, 1]],
    ['after recording the e-mail to the representative', 4, 'after', [1, 1, 1]],
  ] as const)('%s sends each recipient the e-mail once', async (_, nth, when, expected) => {
    const { emails } = await exceedWithRecipients(2);
    await alerts.run({ own: dyingAt(alerts.table, nth, when) }).catch(() => undefined);
    for (let runs = 0; runs < 5; runs += 1) {
      alerts.pass(6 * MINUTE);
      await alerts.run();
    }
    expect(timesSent(emails)).toEqual(expected);
    expect((await alerts.decisions()).map(({ status }) => status)).toEqual(['sent', 'sent', 'sent']);
  });

  it('between two copies sends the other copy at the next run', async () => {
    const { emails } = await exceedWithRecipients(2);
    await alerts.run();
    // The two claims are written before the two outcomes.
    await alerts.run({ own: dyingAt(alerts.table, 2, 'before'), emailsPerSecond: 1 }).catch(() => undefined);
    for (let runs = 0; runs < 3; runs += 1) {
      alerts.pass(6 * MINUTE);
      await alerts.run();
    }
    const [representative, ...copies] = timesSent(emails);
    expect([representative, copies.sort()]).toEqual([1, [1, 2]]);
  });
});

it('alert runs at the same time send each level to each recipient once', async () => {
  const { customer, emails } = await exceedWithRecipients(3);
  await customer.set({ enabled: true, threshold: THRESHOLD, levels: [absolute(700), absolute(600)] });
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(Array.from({ length: 3 }, () => alerts.run({ own: anotherClient(alerts.table) })));
    alerts.pass(11 * MINUTE);
  }
  expect(timesSent(emails)).toEqual([3, 3, 3, 3]);
});

describe('the copies of an alert', () => {
  it('are sent while SES refuses the e-mail to the representative', async () => {
    const { customer, emails } = await exceedWithRecipients(1);
    alerts.ses.on(SendEmailCommand, { Destination: { ToAddresses: [customer.email] } }).rejects(rejected());
    await alerts.run();
    await alerts.run();
    expect(timesSent(emails.slice(1))).toEqual([1]);
    expect(await customer.notification()).toMatchObject({ status: 'failed' });
  });

  it('are not sent again after the alert was dropped and decided again', async () => {
    const { customer, emails } = await exceedWithRecipients(1);
    alerts.ses.on(SendEmailCommand, { Destination: { ToAddresses: [customer.email] } }).rejects(rejected());
    await alerts.run();
    await alerts.run();
    await customer.set({ enabled: false, threshold: THRESHOLD });
    await alerts.run();
    alerts.accept();
    await customer.set({ enabled: true, threshold: THRESHOLD });
    await alerts.run();
    await alerts.run();
    expect(timesSent(emails)).toEqual([1, 0]);
    expect((await alerts.decisions()).map(({ status }) => status)).toEqual(['sent', 'sent']);
  });

  it('that bounce change neither the alert nor the last notification', async () => {
    const { customer, emails, others } = await exceedWithRecipients(1);
    await alerts.run();
    await alerts.run();
    const [copy] = (await alerts.decisions()).filter(({ administratorId }) => administratorId !== undefined);
    await recordMailEvent(alerts.services, {
      ...{ kind: 'bounce', arrived: false, isSuppressed: false, to: emails[1] ?? '' },
      messageId: String(copy?.['messageId']),
      alert: {
        ...{ customerId: customer.customerId, month: MONTH, threshold: THRESHOLD },
        administratorId: others[0]?.administratorId,
      },
    });
    expect(await customer.notification()).toMatchObject({ status: 'sent' });
    const statuses = (await alerts.decisions()).map(({ administratorId, status }) => [administratorId, status]);
    expect(statuses).toEqual([
      [undefined, 'sent'],
      [others[0]?.administratorId, 'bounced'],
    ]);
  });
});

describe('an alert run without new alerts', () => {
  /** Returns the read units of an alert run, beyond those of a run without customers. */
  async function unitsOfRun(): Promise<number> {
    const own = anotherClient(alerts.table);
    const units = measure(own);
    expect(await alerts.run({ own })).toMatchObject({ decided: 0 });
    return units.read;
  }

  it('reads the customer only for a customer that has MAU and a level in percents', async () => {
    const empty = await unitsOfRun();
    const customer = await alerts.exceed({ enabled: true, threshold: MAU });
    const ofOneThreshold = (await unitsOfRun()) - empty;
    const set = async (levels: readonly string[]) => {
      const { customerId, version } = await customer.view();
      const setting = { enabled: true, threshold: MAU, levels };
      await transact(alerts.table, { alert: updateMauAlert({ customerId, version }, setting) });
      return (await unitsOfRun()) - empty;
    };
    expect(ofOneThreshold).toBe(0.5);
    expect(await set(['900', '1000', '1100', '1200'])).toBe(0.5);
    expect(await set(['900', '80%'])).toBe(1);
    alerts.pass(31 * 24 * 60 * MINUTE);
    expect((await unitsOfRun()) - empty).toBe(0.5);
  });
});
