import type { Context, ScheduledEvent } from 'aws-lambda';
import { openMetrics } from '../aws/metrics.ts';
import { decideMauAlerts } from '../domain/alerts/decide-mau-alerts.ts';
import { sendMauAlerts, type SendAlertsServices } from '../domain/alerts/send-mau-alerts.ts';
import type { Metrics as ServiceMetrics } from '../domain/services.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { sesMailer } from '../email/ses.ts';
import { onLambda, servicesFromEnvironment, setting, withCalendar } from '../environment.ts';

/**
 * The time, in milliseconds, that an alert run, one run of this Lambda function, reserves for sending alerts, so that
 * the run does not spend all of its time on deciding which alerts are due.
 */
const FOR_SENDING = 2.5 * MINUTE;
/**
 * The time, in milliseconds, that an alert run reserves to finish the last e-mails that the run has begun to send. The
 * two calls to SES for an e-mail may take 12 seconds of this time.
 */
const RESERVE = 30 * SECOND;

/**
 * Creates the Lambda function that, every 5 minutes, decides which MAU alerts are due and then sends these alerts. When
 * an alert run ends before all alerts are sent, the next alert run sends the remaining alerts.
 */
export function build(services: SendAlertsServices & { readonly metrics: ServiceMetrics }) {
  return async (_: ScheduledEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => {
    const { log, metrics } = services;
    const decisions = await decideMauAlerts(services, () => context.getRemainingTimeInMillis() > FOR_SENDING);
    const sendings = await sendMauAlerts(services, () => context.getRemainingTimeInMillis() > RESERVE);
    const report = { ...decisions, ...sendings };
    log.info('alert run', report);
    metrics.add('SentAlerts', sendings.sent);
    metrics.add('FailedAlerts', sendings['given-up']);
    return report;
  };
}

export const handler = onLambda(() =>
  build({
    ...withCalendar(servicesFromEnvironment()),
    mailer: sesMailer({ sender: setting('SENDER'), configurationSet: setting('CONFIGURATION_SET') }),
    emailsPerSecond: Number(setting('EMAILS_PER_SECOND')),
    random: Math.random,
    metrics: openMetrics(),
  }),
);
