import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ServiceMetrics } from '../service-metrics.ts';

export interface DashboardProps {
  readonly name: string;
  readonly metrics: ServiceMetrics;
  readonly alarms: readonly cloudwatch.IAlarm[];
}

/** Columns of a dashboard: a row holds two graphs. */
const WIDTH = 24;

/** How the service is, on one page: alarms first, then requests, functions, counting, e-mails and the table. */
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
          graph('Functions of the account: errors, throttles', [metrics.functionErrors, metrics.functionThrottles]),
          graph('Functions of the account: at once', [metrics.concurrency]),
        ],
        [graph('Errors by function', [errorsByFunction()]), graph('Dead letters', [metrics.deadLetters])],
        [
          graph('Records counted, unreadable', [metrics.aggregatedRecords, metrics.unreadableRecords]),
          graph('Behind the stream, ms', [metrics.streamLag]),
        ],
        [graph('E-mails waiting, ms', [metrics.mailLag]), graph('E-mails refused', [metrics.refusedMails])],
        [
          graph('Recount drift', [metrics.recountDrift]),
          graph('Table, read and write units', [metrics.readUnits, metrics.writeUnits]),
        ],
        [
          graph('MAU alerts sent, given up', [metrics.sentAlerts, metrics.failedAlerts]),
          graph('Customers not closed, closings overdue', [metrics.unclosedCustomers, metrics.overdueClosings]),
        ],
      ],
    });
  }
}

const graph = (title: string, left: cloudwatch.IMetric[]) =>
  new cloudwatch.GraphWidget({ title, left, width: WIDTH / 2 });

/**
 * Errors of each function: the alarm says that something fails, this says what. CloudFormation begins the functions' names
 * with those of their stacks, but cuts these off where the stage begins.
 */
const errorsByFunction = () =>
  new cloudwatch.MathExpression({
    expression: `SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors" fido2 server service', 'Sum', 300)`,
    usingMetrics: {},
    label: '',
  });
