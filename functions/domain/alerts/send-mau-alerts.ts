import { setTimeout as sleep } from 'node:timers/promises';
import { findPendingAlerts, type AlertId } from '../../table/alerts.ts';
import { chunks } from '../../table/engine/batches.ts';
import { sendMauAlert, type AlertOutcome, type SendAlertServices } from './send-mau-alert.ts';
import { SECOND } from '../time.ts';

export interface SendAlertsServices extends SendAlertServices {
  /** The maximum number of e-mails that SES accepts per second. */
  readonly emailsPerSecond: number;
  /** Returns a random number of at least 0 and below 1. */
  readonly random: () => number;
}
/** The number of alerts with each outcome. */
export type SendingReport = Record<AlertOutcome, number>;

/**
 * Sends the pending alerts of all customers in batches, one batch per second, and returns how many alerts had each
 * outcome. The size of a batch is the number of e-mails that SES accepts per second. A later run retries the alerts
 * that fail. The run stops when SES throttles the service or when `hasTime` returns false, and the next run sends the
 * remaining alerts.
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

  /** Sends one alert. An error is logged and does not stop the other alerts. */
  async function send(alert: AlertId): Promise<void> {
    try {
      report[await sendMauAlert(services, alert)] += 1;
    } catch (error) {
      log.error('an alert could not be sent; a later run tries again', { ...alert, error });
    }
  }
}

/**
 * Returns the list of alerts, rotated so that it begins with a random alert: the alerts before this alert move to the
 * end. If every run began at the same alert, alerts that fail in every run could use up the time of each run, and the
 * service would never send the later alerts.
 */
function fromAnywhere(alerts: readonly AlertId[], random: () => number): AlertId[] {
  const first = Math.floor(random() * alerts.length);
  return [...alerts.slice(first), ...alerts.slice(0, first)];
}
