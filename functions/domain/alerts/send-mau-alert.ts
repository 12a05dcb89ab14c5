import { MailThrottledError, type Mailer, type Message } from '../../email/mailer.ts';
import { mauAlert } from '../../email/templates/mau-alert.ts';
import { readAdministrator } from '../../table/administrators.ts';
import {
  claimAlert,
  deleteAlert,
  keepCopied,
  putAlert,
  releaseAlert,
  concludeAlert,
  undecidedOf,
  type AlertId,
  type ClaimedAlert,
} from '../../table/alerts.ts';
import { readCustomer, type Customer, type Notification } from '../../table/customers/customers.ts';
import { updateNotification } from '../../table/customers/notifications.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import type { Calendar } from '../calendar.ts';
import { isPercent, thresholdsOf } from '../licenses/alert-levels.ts';
import type { License } from '../licenses/license.ts';
import { licenseOfMonth } from '../licenses/license-of-month.ts';
import { overageFee, overageMau } from '../licenses/overage-fee.ts';
import { languageOf } from '../mail/languages.ts';
import { mauByRp } from '../metering/mau-by-rp.ts';
import { MONTHS_KEPT } from '../retention.ts';
import type { Services } from '../services.ts';
import { DAY, MINUTE, toTtl } from '../time.ts';

export interface SendAlertServices extends Services {
  readonly calendar: Calendar;
  readonly mailer: Mailer;
}
/**
 * The outcome of one alert run's attempt to send an alert:
 *
 * - `sent`: SES accepted the e-mail.
 * - `failed`: the attempt failed, and a later run tries again.
 * - `throttled`: SES accepts no more e-mails now, so this run stops. A later run tries again to send the alert.
 * - `given-up`: the attempt failed 3 days or more after the alert was decided, and no run tries again.
 * - `dropped`: the customer does not want the alert any more.
 * - `not-claimed`: another run works on the alert, or the alert is no longer pending.
 */
export type AlertOutcome = 'sent' | 'failed' | 'throttled' | 'given-up' | 'dropped' | 'not-claimed';

/**
 * How long the lease on an alert lasts, in milliseconds. During the lease, only the run that claimed the alert may send
 * the alert. The lease is longer than a run can last (5 minutes), so a run whose lease has ended no longer works on the
 * alert.
 */
const LEASE = 10 * MINUTE;
/** The time, in milliseconds, for which the alert runs try to send an alert after the alert was decided. */
const TRIED_FOR = 3 * DAY;

/**
 * Sends one decided alert to the customer's current representative, records the outcome and returns the outcome. Drops
 * the alert when the customer has changed the threshold, has turned the MAU alert off or is unsubscribing; a dropped
 * alert can be decided again. Throws when a read or a write fails; the lease on the alert then expires, and a later run
 * tries again to send the alert.
 *
 * If the customer's setting names other recipients, the function first stores a copy of the alert for each of them. A
 * copy is an alert of its own, which the next run sends, retries and records as it does with any alert. The function
 * drops a copy when the setting no longer names its recipient, or when the recipient is not an active administrator.
 *
 *     decided ── claimed ── customer read ── copies stored ── representative read ── accepted by SES ── recorded
 *
 * If the process dies or a write fails after one of these steps:
 *
 *     decided           the alert is in the finder (our GSI), and the next run claims it
 *     claimed           nothing was sent; the first run after the end of the lease (10 minutes) claims the alert
 *     copies stored     the next run sends the copies; the first run after the end of the lease claims the alert, and
 *                       stores no copy again
 *     sending failed    nothing was sent; the first run after the end of the lease claims the alert
 *     accepted by SES   the first run after the end of the lease sends the alert a second time, unless the first
 *                       e-mail has bounced by then
 *     recorded          the alert is concluded and no longer in the finder
 *
 * An alert is sent twice only if SES's response is lost, or if the process dies or a write fails after SES accepts the
 * e-mail and before the outcome is recorded. An alert leaves the finder only when its e-mail was sent or has bounced,
 * or when the alert was given up or dropped. So no alert is lost.
 */
export async function sendMauAlert(services: SendAlertServices, id: AlertId): Promise<AlertOutcome> {
  const { table, clock, log, mailer } = services;
  const now = clock.now();
  const alert = await claimAlert(table, id, now, now + LEASE);
  if (!alert) return 'not-claimed';
  const message = await compose(services, alert);
  if (!message) {
    await record(services, alert, deleteAlert(alert), null);
    log.info('an alert is dropped because the customer no longer wants it', { ...id });
    return 'dropped';
  }
  let messageId: string;
  try {
    messageId = await mailer.send(message);
  } catch (error) {
    if (error instanceof MailThrottledError) {
      await transact(table, { alert: releaseAlert(alert) });
      log.warn('an alert waits because SES accepts no more e-mails now', { ...id, error });
      return 'throttled';
    }
    const isGivenUp = clock.now() >= alert.decidedAt + TRIED_FOR;
    await record(
      services,
      alert,
      isGivenUp ? concludeAlert(alert, { status: 'failed' }) : releaseAlert(alert),
      'failed',
    );
    log.error(isGivenUp ? 'an alert is given up' : 'an alert failed and is tried again', { ...id, error });
    return isGivenUp ? 'given-up' : 'failed';
  }
  await record(services, alert, concludeAlert(alert, { status: 'sent', messageId, sentAt: clock.now() }), 'sent');
  log.info('an alert was sent', { ...id, messageId });
  return 'sent';
}

/**
 * Composes the e-mail of an alert, and stores the alert's copies if it goes to the representative. Reads the customer
 * and the recipient with strongly consistent reads. Returns undefined when the customer or the recipient does not want
 * the alert any more. Throws an `Error` when the representative was replaced and then removed between these two reads.
 */
async function compose(services: SendAlertServices, alert: ClaimedAlert): Promise<Message | undefined> {
  const { table, calendar, consoleUrl } = services;
  const { customerId, month, threshold, administratorId } = alert;
  const isCopy = administratorId !== undefined;
  const customer = await readCustomer(table, customerId, 'strong');
  const license = customer && (await licenseOfMonth(services, customer, month));
  if (!license || !isWanted(customer, license, alert)) return undefined;
  if (!isCopy) await storeCopies(services, customer, alert);
  const [recipient, { total, rps }] = await Promise.all([
    readAdministrator(table, customerId, administratorId ?? customer.representativeId, 'strong'),
    mauByRp(table, customerId, month),
  ]);
  if (isCopy && recipient?.status !== 'active') return undefined;
  // The first run after the lease has expired tries again to send the alert.
  if (!recipient) throw new Error('The representative was removed while the alert was being sent.');
  // The eventually consistent read may miss the latest counts, so the e-mail shows at least the MAU that was read when
  // the alert was decided.
  const mau = Math.max(total, alert.mau);
  const content = mauAlert({
    ...{ customerName: customer.name, month, timeZone: calendar.timeZone, mau, threshold, consoleUrl },
    language: languageOf(recipient),
    rps,
    percent: percentOfLevel(customer, license, threshold),
    isCopy,
    paid:
      license.type === 'free'
        ? undefined
        : { maxMau: license.maxMau, overageMau: overageMau(license, mau), overageFee: overageFee(license, mau) },
  });
  const tags = { customerId, month, threshold: String(threshold), ...(isCopy && { administratorId }) };
  return { to: recipient.email, ...content, tags };
}

/**
 * Returns whether the customer still wants the alert: the customer is active, its MAU alert is on, one of its
 * thresholds with the license of the month equals the threshold of the alert, and, for a copy, its setting still names
 * the recipient.
 */
function isWanted(
  { status, mauAlert }: Customer,
  license: License,
  { threshold, administratorId }: ClaimedAlert,
): boolean {
  const isRecipient = administratorId === undefined || mauAlert.recipients?.includes(administratorId) === true;
  const has = thresholdsOf(mauAlert, license).some((one) => one.threshold === threshold);
  return status === 'active' && has && isRecipient;
}

/** Returns the percents of the license's maximum that a threshold is; undefined when it is a number of its own. */
function percentOfLevel({ mauAlert }: Customer, license: License, threshold: number): number | undefined {
  const { level } = thresholdsOf(mauAlert, license).find((one) => one.threshold === threshold) ?? {};
  return level !== undefined && isPercent(level) ? Number.parseInt(level, 10) : undefined;
}

/**
 * Stores a copy of a claimed alert for each recipient whom the customer's setting names, except the representative.
 * Leaves out the recipients who already have a copy, because the alert was decided, dropped and decided again. Stores
 * nothing when the copies are stored already. One transaction stores all copies and marks the alert, so if the process
 * dies, either all copies are stored or none. Throws an `Error` when the lease on the alert has expired, or when a copy
 * was stored after the read, which is eventually consistent; a later run tries again.
 */
async function storeCopies(
  { table, clock, calendar }: SendAlertServices,
  { representativeId, mauAlert: { recipients = [] } }: Customer,
  claimed: ClaimedAlert,
): Promise<void> {
  const others = recipients.filter((administratorId) => administratorId !== representativeId);
  if (claimed.isCopied || others.length === 0) return;
  const { customerId, month, threshold, mau } = claimed;
  const copies = await undecidedOf(
    table,
    others.map((administratorId) => ({ customerId, month, threshold, administratorId })),
  );
  const ttl = toTtl(calendar.endOf(calendar.plus(month, MONTHS_KEPT)));
  const failures = await transact(table, {
    alert: keepCopied(claimed),
    ...Object.fromEntries(
      copies.map((copy) => [
        `copy ${copy.administratorId}`,
        putAlert({ ...copy, mau, status: 'pending', decidedAt: clock.now() }, ttl),
      ]),
    ),
  });
  if (failures) throw new Error('The copies of an alert could not be stored.');
}

/**
 * Writes the outcome of an alert. If the customer's last notification is about this alert, the same transaction also
 * changes the last notification: sets its status to `status`, or removes the notification when `status` is null. The
 * last notification is never about a copy. Writes nothing when the alert is already concluded because its e-mail
 * bounced.
 */
async function record(
  { table, clock }: SendAlertServices,
  alert: ClaimedAlert,
  write: Write,
  status: Notification['status'] | null,
): Promise<void> {
  if (alert.administratorId !== undefined) {
    await transact(table, { alert: write });
    return;
  }
  const outcome = status && { status, at: clock.now() };
  const failures = await transact(table, { alert: write, customer: updateNotification(alert, outcome) });
  if (failures?.customer) await transact(table, { alert: write });
}
