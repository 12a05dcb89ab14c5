import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData, type CfnAlarm, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { allHold, digits } from '../digits.ts';
import type { ServiceMetrics } from '../service-metrics.ts';

export interface AlarmsProps {
  readonly serviceName: string;
  readonly metrics: ServiceMetrics;
  /** The number of concurrent executions of Lambda functions that AWS allows the account in the region. */
  readonly concurrencyLimit: number;
  /** The SNS topic that notifies the operator. */
  readonly topic: ITopic;
}

interface Reason {
  readonly metric: IMetric;
  /** The value that the metric must reach in a period to raise the alarm. @default 1: one of the conditions holds */
  readonly threshold?: number;
  /** Whether the alarm rings below the threshold instead. @default false */
  readonly ringsBelow?: boolean;
  /** The number of consecutive periods in which the metric must do so. @default 1 */
  readonly evaluationPeriods?: number;
  /** How many of these periods suffice. @default - all */
  readonly datapointsToAlarm?: number;
  /**
   * How CloudWatch treats a period without data.
   * @default TreatMissingData.NOT_BREACHING: there were no requests, no records or no errors
   */
  readonly treatMissingData?: TreatMissingData;
  /** How long the alarm waits after its creation, because the metric has no data then. @default - it does not wait */
  readonly warmUp?: Duration;
  /** The text that tells the operator what happened and what to do. */
  readonly description: string;
}

/** The alarms that notify the operator. Each alarm covers the whole service and has an entry in the runbook. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    this.alarms = Object.entries(reasonsIn(props)).map(([name, { description, warmUp, ringsBelow, ...reason }]) => {
      const alarm = new Alarm(this, name, {
        evaluationPeriods: 1,
        threshold: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
        ...reason,
        ...(ringsBelow === true && { comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD }),
        alarmName: `${props.serviceName}-${name}`,
        alarmDescription: `${description} See "${name}" in docs/runbook.md.`,
      });
      if (warmUp) {
        (alarm.node.defaultChild as CfnAlarm).warmUpConfiguration = {
          warmUpPeriodDurationInMinutes: warmUp.toMinutes(),
          onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
        };
      }
      alarm.addAlarmAction(action);
      return alarm;
    });
  }
}

/**
 * Returns the metric, the threshold and the description of each alarm, by the alarm's name. If an alarm has several
 * causes, its description explains the digits of the metric.
 */
function reasonsIn({ metrics, concurrencyLimit }: AlarmsProps): Record<string, Reason> {
  const { runs, deadLetters, tableThrottles } = metrics;
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
    concurrency: {
      metric: digits([
        { metric: metrics.functionThrottles, atLeast: 1 },
        { metric: metrics.concurrency, atLeast: Math.ceil(0.8 * concurrencyLimit) },
      ]),
      description: `Lambda refused to run functions (digit 1), or the account uses 80 % of its ${concurrencyLimit} concurrent executions (digit 10). Ask AWS for a higher limit, or find out who invokes the functions so often.`,
    },
    'table-throttles': {
      metric: digits(tableThrottles.map((metric) => ({ metric, atLeast: 10 }))),
      // The functions retry a throttled request, and a table on demand adapts to more requests within minutes.
      evaluationPeriods: 3,
      description:
        'DynamoDB throttled requests for 15 minutes: reads (digit 1) or writes (10) of the table, reads (100) or writes (1000) of its index. Compare the units with the maxima of the table and the account.',
    },
    'processing-stopped': {
      metric: digits([
        // The aggregator, the function that counts active users, processes a batch of records of the table's stream in
        // far less than 10 minutes.
        { metric: metrics.streamLag, atLeast: Duration.minutes(10).toMilliseconds() },
        { metric: metrics.stoppedMappings, atLeast: 1 },
      ]),
      // A deployment may stop a mapping for a minute. `watch-mappings` reports mappings every 5 minutes, so a period
      // may have no report. The operator still has enough time to act, because the stream keeps its records for 24
      // hours.
      evaluationPeriods: 4,
      datapointsToAlarm: 3,
      description:
        'The aggregator processes records 10 minutes late (digit 1), or Lambda does not read a stream or a queue (digit 10). Fix this within 24 hours, or the stream deletes records before they are counted, and e-mails are lost.',
    },
    'mau-counters': {
      metric: digits(
        [
          { metric: metrics.recountDrift, atLeast: 1 },
          { metric: metrics.unreadableRecords, atLeast: 1 },
          { metric: metrics.overdueRecounts, atLeast: 1 },
        ],
        Duration.hours(1),
      ),
      // Each hourly run reports the recounts that are still overdue. With shorter periods, the alarm would end and ring
      // again every hour. One of three periods has a report even if a run fails or takes its 15 minutes.
      evaluationPeriods: 3,
      datapointsToAlarm: 1,
      description:
        'MAU counters differed from the active-user records and were corrected (digit 1), the aggregator skipped records that it could not read (10), or counters that differ could not be corrected for a day (100). Find out why.',
    },
    'mails-late': {
      metric: digits([
        // Forwarding an e-mail takes less than a second, and sending it takes seconds. A person who waits for a sign-in
        // link gives up after about 5 minutes.
        { metric: metrics.forwardingLag, atLeast: Duration.minutes(5).toMilliseconds() },
        { metric: metrics.linkAge, atLeast: Duration.minutes(5).toSeconds() },
        // An e-mail that combines notices may wait in the queue for 15 minutes before `send-mail` looks at it again. No
        // person waits for a notice.
        { metric: metrics.noticeAge, atLeast: Duration.minutes(30).toSeconds() },
        // SQS leaves a message out of the age of the oldest message once it was received three times. Each e-mail that
        // fails is tried again every minute.
        { metric: metrics.failedMails, atLeast: 3 },
        { metric: metrics.crashedSendings, atLeast: 3 },
      ]),
      // If SES throttles an e-mail or does not respond, a retry sends the e-mail within a minute or two.
      evaluationPeriods: 2,
      description:
        'E-mails wait in the stream (digit 1), in the queue of links (10) or of notices (100), fail again and again (1000), or crash send-mail (10000). Check the errors of SES. The service stops trying to send an e-mail after 6 hours.',
    },
    'mails-lost': {
      metric: digits([
        // Even a single refused e-mail raises this alarm, because the service deletes each e-mail that SES refuses. SES
        // rarely refuses a recipient's address as malformed. In the sandbox, SES refuses almost all recipients.
        { metric: metrics.refusedMails, atLeast: 1 },
        { metric: metrics.failedAlerts, atLeast: 1 },
      ]),
      description:
        'SES refused e-mails permanently (digit 1), or did not accept MAU alerts for 3 days (digit 10). Check that the account is not in the sandbox and that SES accepts the sender, and tell the recipients.',
    },
    'webhooks-failed': {
      metric: digits([
        { metric: metrics.failedWebhooks, atLeast: 3 },
        { metric: metrics.crashedDeliveries, atLeast: 3 },
      ]),
      // A fault of the receiver does not count. If the table, the queue or Secrets Manager fails for a moment, a retry
      // succeeds within a minute or two.
      evaluationPeriods: 2,
      description:
        'Events for the webhooks of customers could not be handled again and again (digit 1), or crashed deliver-webhooks (10). The receivers are not the cause. Check the log of deliver-webhooks.',
    },
    'mail-reputation': {
      metric: digits(
        [
          { metric: metrics.bounceRate, atLeast: 0.05 },
          { metric: metrics.complaintRate, atLeast: 0.001 },
        ],
        // SES writes the rates when the account sends e-mails. With a shorter period, the alarm would end and ring
        // again after each pause.
        Duration.days(1),
      ),
      description:
        'Of the e-mails that the account sent, 5 % bounced (digit 1), or recipients marked 0.1 % as spam (digit 10). SES reviews the account at these rates, and may stop it at 10 % and 0.5 %.',
    },
    'runs-missing': {
      metric: digits(
        runs.map(({ started, failed }) => ({ metric: started, minus: failed, atLeast: 1 })),
        Duration.hours(1),
      ),
      // Each digit is 1 if the function completed a run in the hour. The periods slide, and Lambda reports a run when
      // it ends, up to 15 minutes after it began, so two consecutive periods may lack an hourly run that is on time.
      threshold: allHold(runs.length),
      ringsBelow: true,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
      // The first hourly runs begin an hour after the deployment.
      warmUp: Duration.hours(4),
      description: `Scheduled functions did not run, or their runs failed, for 3 hours. The digits of the metric are 1 for functions that completed a run in the hour; from the last digit: ${runs.map(({ name }) => name).join(', ')}.`,
    },
    'summary-overdue': {
      // An alarm may use at most 10 metrics, and "runs-missing" uses as many. It explains the periods.
      metric: digits(
        [{ metric: metrics.summaries.started, minus: metrics.summaries.failed, atLeast: 1 }],
        Duration.hours(1),
      ),
      ringsBelow: true,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.BREACHING,
      warmUp: Duration.hours(4),
      description:
        'The function summarize-customers completed no run for 3 hours (digit 1 is missing). The pages of the operators show old data, and the discarding of customers does not end.',
    },
    'metadata-overdue': {
      // A run each day adds 1 to the metric if the stored metadata is current.
      metric: metrics.currentMetadata.with({ period: Duration.hours(1) }),
      threshold: 1,
      ringsBelow: true,
      // One day may fail without an alarm: the stored metadata serves on, and the next run usually succeeds.
      evaluationPeriods: 50,
      treatMissingData: TreatMissingData.BREACHING,
      // The first run is a day after the deployment. CloudWatch allows at most two days.
      warmUp: Duration.days(2),
      description:
        'The metadata about authenticators was not current for 50 hours: the daily update did not run or failed, or the metadata should have been replaced by now. The service would not notice that an authenticator was revoked.',
    },
    'dead-letters': {
      metric: digits(deadLetters.map((metric) => ({ metric, atLeast: 1 }))),
      description: `Dead-letter queues contain messages that could not be handled after several tries. From the last digit: ${deadLetters.map(({ label }) => label).join(', ')}. Fix the cause, then send the messages again or purge the queue.`,
    },
  };
}
