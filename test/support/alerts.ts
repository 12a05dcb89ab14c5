import { MessageRejected, SendEmailCommand, SESClient, SESServiceException } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { setMauAlert } from '../../functions/domain/alerts/set-mau-alert.ts';
import type { SendAlertsServices } from '../../functions/domain/alerts/send-mau-alerts.ts';
import { sendEmail } from '../../functions/email/ses.ts';
import { build } from '../../functions/events/send-mau-alerts.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { addToTotalMau } from '../../functions/table/mau-counters.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { openMetering } from './metering.ts';

/** The month of the tests' clock, which begins on its 10th. */
export const MONTH = '2026-11';
/** The threshold of each customer, */
export const THRESHOLD = 800;
/** and its MAU, which exceed it. */
export const MAU = 801;

export const rejected = () => new MessageRejected({ $metadata: {}, message: 'Email address is not verified' });
export const throttled = () =>
  new SESServiceException({
    $metadata: {},
    name: 'Throttling',
    $fault: 'client',
    message: 'Maximum sending rate exceeded.',
  });

/** Gives the alert run on a table of its own, with SES mocked below the mailer. */
export async function openAlerts() {
  const metering = await openMetering({ now: `${MONTH}-10T09:00:00Z` });
  const { table, services, clock } = metering;
  const client = new SESClient({ region: 'us-east-1' });
  const ses = mockClient(client);
  const accept = () => {
    let accepted = 0;
    ses.reset();
    ses.on(SendEmailCommand).callsFake(() => ({ MessageId: `message-${(accepted += 1)}` }));
  };
  accept();

  /** Fires a run: on a client of its own, with the time that Lambda says is left. */
  function run({
    own = table,
    left = () => 300_000,
    ...settings
  }: { own?: Table; left?: () => number } & Partial<SendAlertsServices> = {}) {
    const handler = build({
      ...services,
      table: own,
      mailer: {
        send: (message) => sendEmail({ client, sender: 'no-reply@example.com', configurationSet: 'events' }, message),
      },
      emailsPerSecond: 100,
      random: () => 0,
      ...settings,
    });
    return handler({} as Parameters<typeof handler>[0], { getRemainingTimeInMillis: left });
  }

  /** Signs up a customer whose MAU exceed its threshold. */
  async function exceed() {
    const customer = await metering.signUp();
    const { customerId, email } = customer;
    await transact(table, { total: addToTotalMau(customerId, MONTH, MAU) });
    const view = async () => {
      const read = await readCustomer(table, customerId, 'strong');
      if (!read) throw new Error('The customer is gone.');
      return read;
    };
    return {
      ...customer,
      view,
      /** What the Customer view shows. */
      notification: async () => (await view()).mauAlert.lastNotification,
      set: async (setting: { enabled: boolean; threshold: number | null }) =>
        setMauAlert(services, await customer.caller(), (await view()).version, setting),
      /** To how many e-mails SES was asked for. */
      asked: () => sentTo().filter((to) => to === email).length,
    };
  }
  async function exceedWith(setting = { enabled: true, threshold: THRESHOLD }) {
    const customer = await exceed();
    await customer.set(setting);
    return customer;
  }

  /** To whom SES was asked to send, in order. */
  const sentTo = () =>
    ses.commandCalls(SendEmailCommand).flatMap(({ args }) => args[0].input.Destination?.ToAddresses ?? []);

  return {
    ...metering,
    ses,
    accept,
    run,
    exceed: exceedWith,
    sentTo,
    /** Moves the clock on. */
    pass: (milliseconds: number) => {
      clock.time += milliseconds;
    },
    /** Every decision, as it stands in the table. */
    decisions: async () => (await metering.dump()).filter(({ sk }) => String(sk).startsWith('ALERT#')),
  };
}
