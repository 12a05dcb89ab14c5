import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context, ScheduledEvent } from 'aws-lambda';
import { metricsOf } from '../aws/metrics.ts';
import { decideMauAlerts } from '../domain/alerts/decide-mau-alerts.ts';
import { sendMauAlerts, type SendAlertsServices } from '../domain/alerts/send-mau-alerts.ts';
import type { Metrics as ServiceMetrics } from '../domain/services.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { sesMailer } from '../email/ses.ts';
import { onLambda, servicesFromEnvironment, setting, withCalendar } from '../environment.ts';

/** What is left for sending when deciding ends: neither can keep the other from its turn. */
const FOR_SENDING = 2.5 * MINUTE;
/** What the e-mails of one second may take at the end of a run, SES's 12 seconds included. */
const RESERVE = 30 * SECOND;

/** Makes the alert run: fired every 5 minutes, it decides and then sends, and the next run goes on with what is left. */
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
    metrics: metricsOf(new Metrics()),
  }),
);
