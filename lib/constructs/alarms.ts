import { Duration } from 'aws-cdk-lib';
import { Alarm, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { ServiceMetrics } from '../service-metrics.ts';

export interface AlarmsProps {
  readonly serviceName: string;
  readonly metrics: ServiceMetrics;
  /** Who is told. */
  readonly topic: ITopic;
}

interface Reason {
  readonly metric: IMetric;
  /** The value, within 5 minutes, from which on somebody is to act. */
  readonly threshold: number;
  /** For how many times 5 minutes in a row. @default 1 */
  readonly evaluationPeriods?: number;
  /** What happened and what to do about it. */
  readonly description: string;
}

/** The reasons to call the operator: few, each for the whole service, and each in the runbook under its name. */
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
        // Nothing happened: no requests, no records, no errors.
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
      // A single one is tried again by its caller, and may be a conflict that lasted: it is in the log.
      threshold: 5,
      description: 'Callers got errors from us: look for the request IDs in the log.',
    },
    'requests-throttled': {
      metric: metrics.throttledRequests,
      // Whoever comes too often for a moment comes again later. A quarter of an hour is a flood, or more customers than the
      // throttles were made for. Of very many refused at once the gateway may log only a part: hence no more than these.
      threshold: 100,
      evaluationPeriods: 3,
      description: 'The gateway has refused requests for 15 minutes: find out who sends so many.',
    },
    'function-errors': {
      metric: metrics.functionErrors,
      // Streams and queues try again by themselves what failed once or twice.
      threshold: 5,
      description:
        'Functions of the account crashed, ran out of time or keep failing: find out which in the dashboard.',
    },
    'function-throttles': {
      metric: metrics.functionThrottles,
      threshold: 1,
      description:
        'The account runs as many functions at once as it may: ask AWS for more, or find out who calls so often.',
    },
    'stream-lag': {
      metric: metrics.streamLag,
      // Far more than a batch takes, and early: the stream keeps its records for 24 hours.
      threshold: Duration.minutes(10).toMilliseconds(),
      description:
        'The aggregator is 10 minutes behind: MAU are shown too low, and are lost to the counters after 24 hours.',
    },
    'mail-lag': {
      metric: metrics.mailLag,
      // An e-mail takes seconds. What SES refuses for its rate, or does not answer, is sent within a minute or two by the next
      // tries, and a sign-in link is good for 15 minutes from its sending: whoever waits gives up about now.
      threshold: Duration.minutes(5).toMilliseconds(),
      description: 'E-mails have waited for 5 minutes, sign-in links too: see what SES says, before 6 hours are over.',
    },
    'mails-refused': {
      metric: metrics.refusedMails,
      // Each is deleted for good. An address that SES takes for none is rare; a sender that it does not take loses every e-mail.
      threshold: 1,
      description: 'SES refused e-mails, which are lost: see whether it takes the sender, and tell those who wait.',
    },
    'recount-drift': {
      metric: metrics.recountDrift,
      threshold: 1,
      description: 'Counters differed from their records and were put right: find out why, it must never happen.',
    },
    'unreadable-records': {
      metric: metrics.unreadableRecords,
      threshold: 1,
      description: 'The aggregator passed stream records that it could not read: they are not counted until a recount.',
    },
    'months-not-closed': {
      metric: metrics.unclosedCustomers,
      // A run is three tries at most, minutes apart: too few for "function-errors". Customers are billed by their statements.
      threshold: 1,
      description: 'Months of customers could not be closed: find out why before the bills of the month are written.',
    },
    'closing-overdue': {
      metric: metrics.overdueClosings,
      threshold: 1,
      description: 'A month is not closed for all customers a day after it was due: runs end before they are through.',
    },
    'alerts-given-up': {
      metric: metrics.failedAlerts,
      threshold: 1,
      description: 'SES refused MAU alerts for 3 days: tell those representatives, and find out what SES says.',
    },
    'dead-letters': {
      metric: metrics.deadLetters,
      threshold: 1,
      description:
        'Something was given up after many tries: mend what it failed of, then send it again or ask for a recount.',
    },
  };
}
