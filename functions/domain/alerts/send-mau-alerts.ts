import { setTimeout as sleep } from 'node:timers/promises';
import { findPendingAlerts, type AlertId } from '../../table/alerts.ts';
import { chunks } from '../../table/engine/batches.ts';
import { sendMauAlert, type AlertOutcome, type SendAlertServices } from './send-mau-alert.ts';
import { SECOND } from '../time.ts';

export interface SendAlertsServices extends SendAlertServices {
  /** How many e-mails SES accepts. */
  readonly emailsPerSecond: number;
  /** Returns a number of at least 0 and below 1. */
  readonly random: () => number;
}
/** How many alerts came to what. */
export type SendingReport = Record<AlertOutcome, number>;

/**
 * Sends every alert that is to be sent, as many at once as SES accepts in a second, and after a second the next ones. What
 * fails is left to the next run; so is all the rest once SES says that it is too much, or when there is no time left.
 */
export async function sendMauAlerts(services: SendAlertsServices, hasTime: () => boolean): Promise<SendingReport> {
  const { table, log, emailsPerSecond, random } = services;
  const report: SendingReport = { sent: 0, failed: 0, throttled: 0, 'given-up': 0, dropped: 0, 'not-claimed': 0 };
  const batches = chunks(fromAnywhere(await findPendingAlerts(table), random), emailsPerSecond);
  for (const [index, batch] of batches.entries()) {
    if (report.throttled > 0 || !hasTime()) break;
    const isLast = index === batches.length - 1;
    await Promise.all([...batch.map(send), isLast ? undefined : sleep(SECOND)]);
  }
  return report;

  /** Whatever fails concerns this alert only. */
  async function send(alert: AlertId): Promise<void> {
    try {
      report[await sendMauAlert(services, alert)] += 1;
    } catch (error) {
      log.error('an alert could not be sent; a later run tries again', { ...alert, error });
    }
  }
}

/** Has each run begin somewhere else: those that keep failing, more than a run can send, hold up none of the others. */
function fromAnywhere(alerts: readonly AlertId[], random: () => number): AlertId[] {
  const first = Math.floor(random() * alerts.length);
  return [...alerts.slice(first), ...alerts.slice(0, first)];
}
