import { Duration } from 'aws-cdk-lib';
import { Alarm, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ServiceMetrics } from '../service-metrics.ts';

export interface AlarmsProps {
  readonly serviceName: string;
  readonly metrics: ServiceMetrics;
  /** The topic that notifies the operator. */
  readonly topic: ITopic;
}

interface Reason {
  readonly metric: IMetric;
  /** The value, within 5 minutes, that requires somebody to act. */
  readonly threshold: number;
  /** How many periods of 5 minutes in a row must reach the threshold. @default 1 */
  readonly evaluationPeriods?: number;
  /** Tells the operator what happened and what to do. */
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
        // No data means that nothing happened: no requests, no records, no errors.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      return alarm;
    });
  }
}

function reasonsIn(metrics: ServiceMetrics): Record<string, Reason> {
  return {
    'api-5xx': {
      metric: metrics.serverErrors,
      // Callers retry a single error, which may come from a long conflict between writers. The log contains every
      // error.
      threshold: 5,
      description: 'The API answered with 5xx errors. Look up their request IDs in the log.',
    },
    'requests-throttled': {
      metric: metrics.throttledRequests,
      // A caller that is throttled briefly retries. If throttling lasts 15 minutes, somebody floods the API, or there are
      // more customers than the throttles were made for. The threshold is low because the gateway may log only some of
      // the requests when it refuses very many at once.
      threshold: 100,
      evaluationPeriods: 3,
      description: 'The gateway has throttled requests for 15 minutes. Find out who sends so many requests.',
    },
    'function-errors': {
      metric: metrics.functionErrors,
      // Streams and queues retry by themselves after one or two failures.
      threshold: 5,
      description: 'Functions of the account crash, time out or fail. The dashboard shows which ones.',
    },
    'function-throttles': {
      metric: metrics.functionThrottles,
      threshold: 1,
      description:
        'The account reached its limit of concurrent functions. Ask AWS for a higher limit, or find out who calls the functions so often.',
    },
    'stream-lag': {
      metric: metrics.streamLag,
      // A batch takes far less than 10 minutes. The operator still has enough time, because the stream keeps its
      // records for 24 hours.
      threshold: Duration.minutes(10).toMilliseconds(),
      description:
        'The aggregator processes records 10 minutes late, so the MAU shown are too low. Fix the aggregator within 24 hours, or counters lose records.',
    },
    'mail-lag': {
      metric: metrics.mailLag,
      // Sending an e-mail takes seconds. If SES throttles an e-mail or does not respond, a retry sends the e-mail
      // within a minute or two. After 5 minutes, people who wait for a sign-in link give up.
      threshold: Duration.minutes(5).toMilliseconds(),
      description:
        'E-mails, including sign-in links, have waited for 5 minutes. Check the errors of SES. After 6 hours, the service stops trying to send them.',
    },
    'mails-refused': {
      metric: metrics.refusedMails,
      // The service deletes each refused e-mail. SES rarely refuses an address as malformed, but if it refuses the
      // sender, all e-mails are lost.
      threshold: 1,
      description: 'SES refused e-mails permanently. Check that SES accepts the sender, and tell the recipients.',
    },
    'recount-drift': {
      metric: metrics.recountDrift,
      threshold: 1,
      description: 'Counters differed from their records and were corrected. Find out why: this must never happen.',
    },
    'unreadable-records': {
      metric: metrics.unreadableRecords,
      threshold: 1,
      description:
        'The aggregator skipped stream records that it could not read. The next recount counts these records. Find out what the records contain.',
    },
    'months-not-closed': {
      metric: metrics.unclosedCustomers,
      // Lambda tries a run at most three times, minutes apart. Three failures are too few to raise "function-errors".
      // Statements are the basis of bills.
      threshold: 1,
      description: 'Months of customers could not be closed. Find out why before you bill the month.',
    },
    'closing-overdue': {
      metric: metrics.overdueClosings,
      threshold: 1,
      description:
        'A month was due a day ago, but is still open for some customers. Find out why the hourly runs do not finish.',
    },
    'alerts-given-up': {
      metric: metrics.failedAlerts,
      threshold: 1,
      description:
        'MAU alerts could not be sent for 3 days, so the service stopped trying. Tell the representatives, and check the errors of SES.',
    },
    'dead-letters': {
      metric: metrics.deadLetters,
      threshold: 1,
      description:
        'Messages failed after many tries and are in a dead-letter queue. Fix the cause, then send them again or start a recount.',
    },
  };
}
