import { MessageRejected, SendEmailCommand, SESClient, SESServiceException } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { setMauAlert, type GivenMauAlert } from '../../../functions/domain/alerts/set-mau-alert.ts';
import type { SendAlertsServices } from '../../../functions/domain/alerts/send-mau-alerts.ts';
import { sendEmail } from '../../../functions/email/ses.ts';
import { build } from '../../../functions/events/send-mau-alerts.ts';
import { readCustomer } from '../../../functions/table/customers/customers.ts';
import { addToTotalMau } from '../../../functions/table/metering/mau-counters.ts';
import type { Table } from '../../../functions/table/engine/client.ts';
import { transact } from '../../../functions/table/engine/transaction.ts';
import { openMetering } from './metering.ts';

/** The month in which the clock of each test starts. The clock starts on the 10th day of this month. */
export const MONTH = '2026-11';
/** The MAU threshold above which the service alerts each customer. */
export const THRESHOLD = 800;
/** The MAU that `exceed` stores for each customer. This MAU is above the threshold. */
export const MAU = 801;

export const rejected = () => new MessageRejected({ $metadata: {}, message: 'Email address is not verified' });
export const throttled = () =>
  new SESServiceException({
    $metadata: {},
    name: 'Throttling',
    $fault: 'client',
    message: 'Maximum sending rate exceeded.',
  });

/**
 * Creates a new table. Returns functions that start and check alert runs, which send e-mails with a mocked SES client.
 */
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

  /**
   * Starts an alert run. `own` is the table client that the run uses. `left` returns how many milliseconds the run has
   * left before Lambda's timeout.
   */
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

  /** Signs up a customer whose MAU exceeds the alert threshold. */
  async function exceed() {
    const customer = await metering.signUp();
    const { customerId, email } = customer;
    await transact(table, { total: addToTotalMau(customerId, MONTH, MAU) });
    const view = async () => {
      const read = await readCustomer(table, customerId, 'strong');
      if (!read) throw new Error('The customer does not exist.');
      return read;
    };
    return {
      ...customer,
      view,
      /** Returns the customer's last MAU alert notification. */
      notification: async () => (await view()).mauAlert.lastNotification,
      set: async (setting: GivenMauAlert) =>
        setMauAlert(services, await customer.caller(), (await view()).version, setting),
      /** Returns how many times SES was asked to send an e-mail to this customer. */
      asked: () => sentTo().filter((to) => to === email).length,
    };
  }
  async function exceedWith(setting = { enabled: true, threshold: THRESHOLD }) {
    const customer = await exceed();
    await customer.set(setting);
    return customer;
  }

  /** Returns the recipients of all e-mails that SES was asked to send, in order. */
  const sentTo = () =>
    ses.commandCalls(SendEmailCommand).flatMap(({ args }) => args[0].input.Destination?.ToAddresses ?? []);

  return {
    ...metering,
    ses,
    accept,
    run,
    exceed: exceedWith,
    sentTo,
    /** Moves the clock forward. */
    pass: (milliseconds: number) => {
      clock.time += milliseconds;
    },
    /**
     * Returns every alert item in the table. An alert item records the decision of an alert run about a customer, a
     * month and a threshold.
     */
    decisions: async () => (await metering.dump()).filter(({ sk }) => String(sk).startsWith('ALERT#')),
  };
}
