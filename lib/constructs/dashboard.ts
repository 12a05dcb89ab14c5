import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ServiceMetrics } from '../service-metrics.ts';

export interface DashboardProps {
  readonly name: string;
  readonly metrics: ServiceMetrics;
  readonly alarms: readonly cloudwatch.IAlarm[];
}

/** The width of a dashboard, in CloudWatch's columns. Each row has two graphs. */
const WIDTH = 24;

/**
 * Shows the state of the service on one page: alarms first, then requests, functions, counting, e-mails, MAU alerts,
 * the table, and the metadata about authenticators.
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { metrics } = props;
    new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      widgets: [
        [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: WIDTH })],
        [
          graph('Requests', [metrics.requests, metrics.clientErrors, metrics.serverErrors, metrics.throttledRequests]),
          graph('Latency, ms', [metrics.medianLatency, metrics.slowLatency]),
        ],
        [
          graph('Lambda errors and throttles, whole account', [metrics.functionErrors, metrics.functionThrottles]),
          graph('Lambda concurrency, whole account', [metrics.concurrency]),
        ],
        [
          graph('Errors by route', [metrics.errorsByRoute]),
          graph('Latency by route, ms, p99', [metrics.latencyByRoute]),
        ],
        [graph('Errors by function', [errorsByFunction()]), graph('Completed runs per hour', completedRuns(metrics))],
        [graph('Dead letters', metrics.deadLetters), graph('Stopped mappings', [metrics.stoppedMappings])],
        [
          graph('Stream records: counted, unreadable', [metrics.aggregatedRecords, metrics.unreadableRecords]),
          graph('Stream lag, ms', [metrics.streamLag, metrics.forwardingLag]),
        ],
        [
          graph('Age of the oldest e-mail, seconds', [metrics.linkAge, metrics.noticeAge]),
          graph('E-mails that failed or that SES refused', [
            metrics.failedMails,
            metrics.crashedSendings,
            metrics.refusedMails,
          ]),
        ],
        [
          graph('Limits: links, notices, sign-ups', [
            metrics.limitedLinks,
            metrics.combinedNotices,
            metrics.refusedSignUps,
          ]),
          graph('SES, whole account: rates of bounces and complaints', [metrics.bounceRate, metrics.complaintRate]),
        ],
        [
          graph('Recounts: drift, overdue', [metrics.recountDrift, metrics.overdueRecounts]),
          graph('MAU alerts: sent, given up; failures of webhooks', [
            metrics.sentAlerts,
            metrics.failedAlerts,
            metrics.failedWebhooks,
            metrics.crashedDeliveries,
          ]),
        ],
        [
          graph('Table: read and write units', [metrics.readUnits, metrics.writeUnits]),
          graph('Table: throttled reads and writes', metrics.tableThrottles),
        ],
        [graph('Metadata: current', [metrics.currentMetadata])],
      ],
    });
  }
}

const graph = (title: string, left: cloudwatch.IMetric[]) =>
  new cloudwatch.GraphWidget({ title, left, width: WIDTH / 2 });

/**
 * Returns the number of errors of each function. The `SEARCH` expression finds the functions of all stages in the
 * account, because a function's name does not contain the name of the stage. The function's name begins with the
 * stack's name, which CloudFormation shortens so much that the name of the stage is missing.
 */
const errorsByFunction = () =>
  new cloudwatch.MathExpression({
    expression: `SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors" fido2 server service', 'Sum', 300)`,
    usingMetrics: {},
    label: '',
  });

/** Returns the number of runs of each hourly function that ended without an error. */
const completedRuns = ({ runs, summaries }: ServiceMetrics) =>
  [...runs, { name: 'summarize-customers', ...summaries }].map(
    ({ name, started, failed }, index) =>
      new cloudwatch.MathExpression({
        expression: `FILL(started${index}, 0) - FILL(failed${index}, 0)`,
        usingMetrics: { [`started${index}`]: started, [`failed${index}`]: failed },
        label: name,
        period: Duration.hours(1),
      }),
  );
