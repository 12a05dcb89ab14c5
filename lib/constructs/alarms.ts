import { Duration } from 'aws-cdk-lib';
import { Alarm, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ServiceMetrics } from '../service-metrics.ts';

export interface AlarmsProps {
  readonly serviceName: string;
  readonly metrics: ServiceMetrics;
  /** The SNS topic that notifies the operator. */
  readonly topic: ITopic;
}

interface Reason {
  readonly metric: IMetric;
  /** The value that the metric must reach in a period of 5 minutes to raise the alarm. */
  readonly threshold: number;
  /** The number of consecutive periods of 5 minutes in which the metric must reach the threshold. @default 1 */
  readonly evaluationPeriods?: number;
  /** The text that tells the operator what happened and what to do. */
  readonly description: string;
}

/** The alarms that notify the operator. Each alarm covers the whole service and has an entry in the runbook. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    this.alarms = Object.entries(reasonsIn(props.metrics)).map(([name, { description, ...reason }]) => {
      const alarm = new Alarm(this, name, {
        evaluationPeriods: 1,
        ...reason,
        alarmName: `${props.serviceName}-${name}`,
        alarmDescription: `${description} See "${name}" in docs/runbook.md.`,
        // A metric without data means that there were no requests, no records or no errors.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      return alarm;
    });
  }
}

/** Returns the metric, the threshold and the description of each alarm, by the alarm's name. */
function reasonsIn(metrics: ServiceMetrics): Record<string, Reason> {
  return {
    'api-5xx': {
      metric: metrics.serverErrors,
      // When several requests write the same item at the same time, a request may fail, and its caller retries. So
      // fewer than 5 errors do not raise the alarm. The log contains every error.
      threshold: 5,
      description: 'The API returned responses with a 5xx status. Look up their request IDs in the log.',
    },
    'requests-throttled': {
      metric: metrics.throttledRequests,
      // If a caller is throttled only briefly, a retry succeeds. Throttling that lasts 15 minutes shows that somebody
      // floods the API, or that the throttling limits are too low for the number of customers. The threshold is low
      // because the metric counts log lines, and API Gateway may log only some of the refused requests when it refuses
      // very many.
      threshold: 100,
      evaluationPeriods: 3,
      description:
        'Requests got the status 429 for 15 minutes, from API Gateway or from a function. Find out who sends so many requests.',
    },
    'function-errors': {
      metric: metrics.functionErrors,
      // One or two failures need no action, because Lambda retries stream records and queue messages.
      threshold: 5,
      description: 'Lambda functions of the account crash, time out or fail. The dashboard shows which functions.',
    },
    'function-throttles': {
      metric: metrics.functionThrottles,
      threshold: 1,
      description:
        'The account reached its limit of concurrent executions. Ask AWS for a higher limit, or find out who invokes the functions so often.',
    },
    'stream-lag': {
      metric: metrics.streamLag,
      // The aggregator, the function that counts active users, processes a batch of records of the table's stream in
      // far less than 10 minutes. After 10 minutes, the operator still has enough time to act, because the stream keeps
      // its records for 24 hours.
      threshold: Duration.minutes(10).toMilliseconds(),
      description:
        'The aggregator processes records 10 minutes late, so the console shows too few MAU. Fix the aggregator within 24 hours, or the stream deletes records before they are counted.',
    },
    'mail-lag': {
      metric: metrics.linkLag,
      // Sending an e-mail takes seconds. If SES throttles an e-mail or does not respond, a retry sends the e-mail
      // within a minute or two. A person who waits for a sign-in link gives up after about 5 minutes.
      threshold: Duration.minutes(5).toMilliseconds(),
      description:
        'E-mails with links, such as sign-in links, have waited for 5 minutes. Check the errors of SES. The service stops trying to send an e-mail after 6 hours.',
    },
    'notice-lag': {
      metric: metrics.noticeLag,
      // An e-mail that combines notices may wait in the queue for 15 minutes before `send-mail` looks at it again. No
      // person waits for a notice.
      threshold: Duration.minutes(30).toMilliseconds(),
      description:
        'Notices have waited for 30 minutes. Check the errors of SES. The service stops trying to send an e-mail after 6 hours.',
    },
    'mails-failing': {
      metric: metrics.failedMails,
      // SQS leaves a message out of the age of the oldest message once it was received three times, so "mail-lag" does
      // not ring during an outage of SES. Each e-mail that fails is tried again every minute.
      threshold: 3,
      evaluationPeriods: 2,
      description:
        'E-mails fail again and again. Check the errors of SES. The service stops trying to send an e-mail after 6 hours.',
    },
    'mails-refused': {
      metric: metrics.refusedMails,
      // Even a single refused e-mail raises this alarm, because the service deletes each e-mail that SES refuses. SES
      // rarely refuses a recipient's address as malformed. If SES refuses the sender's address, all e-mails are lost.
      threshold: 1,
      description:
        'SES refused e-mails permanently. Check that SES accepts the sender, and tell the recipients that their e-mails are lost.',
    },
    'recount-drift': {
      metric: metrics.recountDrift,
      threshold: 1,
      description:
        'MAU counters differed from the active-user records, and the recount corrected the counters. Find out why: the counters must never differ.',
    },
    'unreadable-records': {
      metric: metrics.unreadableRecords,
      threshold: 1,
      description:
        'The aggregator skipped stream records that it could not read. The next recount counts the users of these records. Find out what the records contain.',
    },
    'months-not-closed': {
      metric: metrics.unclosedCustomers,
      // If the function that closes months fails, Lambda runs it at most three times, with minutes between the runs.
      // Three failures are too few to raise the alarm "function-errors". The operator cannot bill a month without the
      // statement that closing the month creates, so even a single customer whose month was not closed raises this
      // alarm.
      threshold: 1,
      description: 'Months of customers could not be closed. Find out why before you bill these months.',
    },
    'closing-overdue': {
      metric: metrics.overdueClosings,
      threshold: 1,
      description:
        'A month was due to be closed a day ago, but is still open for some customers. Find out why the hourly runs do not finish.',
    },
    'alerts-given-up': {
      metric: metrics.failedAlerts,
      threshold: 1,
      description:
        'MAU alerts could not be sent for 3 days, so the service stopped trying to send them. Tell the representatives, and check the errors of SES.',
    },
    'metadata-not-updated': {
      metric: metrics.failedMetadataUpdates,
      // A run tries to download the metadata three times, and the next run is a day later. So even one failed run
      // raises this alarm.
      threshold: 1,
      description:
        'The daily update of the metadata about authenticators failed. The service uses the stored metadata. Find out why before the alarm rings again tomorrow.',
    },
    'metadata-overdue': {
      metric: metrics.overdueMetadata,
      threshold: 1,
      description:
        'The stored metadata about authenticators should have been replaced by now. The service would not notice that an authenticator was revoked.',
    },
    'dead-letters': {
      metric: metrics.deadLetters,
      threshold: 1,
      description:
        'A dead-letter queue contains messages that could not be handled after several tries. Fix the cause, then send the messages again or start a recount.',
    },
  };
}
