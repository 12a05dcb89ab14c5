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

/** The alarms that notify the operator. They are few, each covers the whole service, and the runbook has an entry for each. */
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
      // The caller retries a single error, which may be a long conflict between writers. The log has it.
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
      description: 'The gateway has throttled requests for 15 minutes. Find out who sends so many.',
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
        'The account reached its limit of concurrent functions. Ask AWS for a higher limit, or find out who calls so often.',
    },
    'stream-lag': {
      metric: metrics.streamLag,
      // Far longer than a batch takes, but early enough: the stream keeps its records for 24 hours.
      threshold: Duration.minutes(10).toMilliseconds(),
      description:
        'The aggregator is 10 minutes behind, so the MAU shown are too low. Fix it within 24 hours, or counters lose records.',
    },
    'mail-lag': {
      metric: metrics.mailLag,
      // An e-mail takes seconds. If SES throttles it or does not respond, a retry sends it within a minute or two. After
      // 5 minutes, people who wait for a sign-in link give up.
      threshold: Duration.minutes(5).toMilliseconds(),
      description:
        'E-mails, including sign-in links, have waited for 5 minutes. Check the errors of SES. The service gives them up after 6 hours.',
    },
    'mails-refused': {
      metric: metrics.refusedMails,
      // The service deletes each refused e-mail. SES rarely refuses an address as malformed, but if it refuses the
      // sender, all e-mails are lost.
      threshold: 1,
      description: 'SES refused e-mails permanently. Check that it accepts the sender, and tell the recipients.',
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
        'The aggregator skipped stream records that it could not read. The next recount counts them. Find out what they are.',
    },
    'months-not-closed': {
      metric: metrics.unclosedCustomers,
      // A run has at most three tries, minutes apart: too few to raise "function-errors". Statements are the basis of bills.
      threshold: 1,
      description: 'Months of customers could not be closed. Find out why before you bill the month.',
    },
    'closing-overdue': {
      metric: metrics.overdueClosings,
      threshold: 1,
      description:
        'A day after it was due, a month is not closed for all customers. Find out why runs end before they finish.',
    },
    'alerts-given-up': {
      metric: metrics.failedAlerts,
      threshold: 1,
      description:
        'MAU alerts could not be sent for 3 days, so the service gave them up. Tell the representatives, and check the errors of SES.',
    },
    'dead-letters': {
      metric: metrics.deadLetters,
      threshold: 1,
      description:
        'Messages failed after many tries and are in a dead-letter queue. Fix the cause, then send them again or start a recount.',
    },
  };
}
