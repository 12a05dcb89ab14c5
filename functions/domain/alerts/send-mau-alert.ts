import { MailThrottledError, type Mailer, type Message } from '../../email/mailer.ts';
import { mauAlert } from '../../email/templates/mau-alert.ts';
import { readAdministrator } from '../../table/administrators.ts';
import {
  claimAlert,
  deleteAlert,
  releaseAlert,
  concludeAlert,
  type AlertId,
  type ClaimedAlert,
} from '../../table/alerts.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { readStandingLicenses } from '../../table/licenses.ts';
import { readTotalMau } from '../../table/mau-counters.ts';
import { updateNotification } from '../../table/customers/notifications.ts';
import type { Notification } from '../../table/customers/customers.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import type { Calendar, Month } from '../calendar.ts';
import { overageFee, overageMau } from '../licenses/overage-fee.ts';
import { licenseAt, licenseInForce, type License } from '../licenses/license.ts';
import type { Services } from '../services.ts';
import { DAY, MINUTE } from '../time.ts';

export interface SendAlertServices extends Services {
  readonly calendar: Calendar;
  readonly mailer: Mailer;
}
/**
 * `failed`: a later run tries again; `throttled`: so it does, and this one need not go on; `dropped`: nobody wants it any
 * more; `not-claimed`: another run has it or has concluded it.
 */
export type AlertOutcome = 'sent' | 'failed' | 'throttled' | 'given-up' | 'dropped' | 'not-claimed';

/** "A lease longer than its own time-out", which is 5 minutes: a run whose lease has ended is not at work any more. */
const LEASE = 10 * MINUTE;
/** "Tried again by the next runs for 3 days." */
const TRIED_FOR = 3 * DAY;

/**
 * Sends one alert that was decided to whoever represents the customer now, and records what came of it. An alert that
 * nobody wants any more, because the customer has another threshold now, has switched the alert off or is unsubscribing,
 * is dropped, so that it can be decided again. Throws what reads and writes throw; then the lease ends by itself.
 *
 *     decided ── claimed ── customer and representative read ── accepted by SES ── recorded
 *
 * What happens if the process dies, or a write fails, after
 *   the decision         it is in the finder; the next run claims it
 *   the claim            nothing was sent; the first run after the lease, which is in force for 10 minutes, claims it
 *   SES accepted it      the first run after the lease sends it once more: this is the one place where an alert can
 *                        repeat, also when only SES's answer is lost. Should the first e-mail bounce before that, the
 *                        alert is marked so and not sent again
 *   the record           it is concluded and not in the finder any more
 *   a failed sending     as after the claim
 * A decision only leaves the finder when it was sent, did not arrive, was given up or was dropped: none can be lost.
 */
export async function sendMauAlert(services: SendAlertServices, id: AlertId): Promise<AlertOutcome> {
  const { table, clock, log, mailer } = services;
  const now = clock.now();
  const alert = await claimAlert(table, id, now, now + LEASE);
  if (!alert) return 'not-claimed';
  const message = await compose(services, alert);
  if (!message) {
    await record(services, alert, deleteAlert(alert), null);
    log.info('an alert is dropped: nobody wants it any more', { ...id });
    return 'dropped';
  }
  let messageId: string;
  try {
    messageId = await mailer.send(message);
  } catch (error) {
    if (error instanceof MailThrottledError) {
      await transact(table, { alert: releaseAlert(alert) });
      log.warn('an alert waits, since SES accepts no more', { ...id, error });
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

/** Gives the e-mail, to the representative of this moment by strong reads. Undefined when nobody wants it any more. */
async function compose(services: SendAlertServices, alert: ClaimedAlert): Promise<Message | undefined> {
  const { table, calendar, consoleUrl } = services;
  const { customerId, month, threshold } = alert;
  const customer = await readCustomer(table, customerId, 'strong');
  if (!customer || !isWanted(customer, alert)) return undefined;
  const representative = await readAdministrator(table, customerId, customer.representativeId, 'strong');
  // Changed and removed between the two reads: the alert stays and waits for the end of its lease.
  if (!representative) throw new Error('The representative was removed while the alert was being sent.');
  const [license, counted] = await Promise.all([
    licenseOfMonth(services, customer, month),
    readTotalMau(table, customerId, month, 'eventual'),
  ]);
  // By now there may be more. There is never less to tell than what was decided on.
  const mau = Math.max(counted, alert.mau);
  const content = mauAlert({
    ...{ customerName: customer.name, month, timeZone: calendar.timeZone, mau, threshold, consoleUrl },
    paid:
      license.type === 'free'
        ? undefined
        : { maxMau: license.maxMau, overageMau: overageMau(license, mau), overageFee: overageFee(license, mau) },
  });
  return { to: representative.email, ...content, tags: { customerId, month, threshold: String(threshold) } };
}

/** Whether the alert is still the one that the customer has set. */
function isWanted({ status, mauAlert: { enabled, threshold } }: Customer, alert: ClaimedAlert): boolean {
  return status === 'active' && enabled && threshold === alert.threshold;
}

/** Gives the license of a month: the one in force now, or at the month's last instant when it is over. */
async function licenseOfMonth(
  { table, clock, calendar }: SendAlertServices,
  customer: Customer,
  month: Month,
): Promise<License> {
  const instant = Math.min(clock.now(), calendar.endOf(month) - 1);
  const known = licenseInForce(customer, instant);
  if (known.startsAt <= instant) return known;
  // Another one was set since then, and the customer has only that one.
  const licenses = await readStandingLicenses(table, customer.customerId);
  return licenseAt(licenses, instant);
}

/**
 * Records what came of an alert, and in the same transaction in the customer's last notification if that is of this alert.
 * Writes nothing when the alert was concluded meanwhile: its e-mail bounced before it was recorded.
 */
async function record(
  { table, clock }: SendAlertServices,
  alert: ClaimedAlert,
  write: Write,
  status: Notification['status'] | null,
): Promise<void> {
  const outcome = status && { status, at: clock.now() };
  const failures = await transact(table, { alert: write, customer: updateNotification(alert, outcome) });
  if (failures?.customer) await transact(table, { alert: write });
}
