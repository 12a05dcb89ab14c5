import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Function, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { tableDefinition } from '../functions/table/definition.ts';
import type { MailQueues } from './constructs/mail-queues.ts';
import type { HttpApi } from './constructs/http-api.ts';
import type { SingleTable } from './constructs/single-table.ts';
import type { WebhookQueue } from './constructs/webhook-queue.ts';

/** The resources that the metrics measure. */
export interface MeasuredResources {
  readonly serviceName: string;
  readonly table: SingleTable;
  readonly httpApi: HttpApi;
  /** The function that counts active users from the records of the table's stream. */
  readonly aggregator: IFunction;
  /** The functions and queues through which e-mails pass from the table's stream to SES. */
  readonly mails: MailQueues;
  /** The queue of events for webhooks, and the function that delivers them. */
  readonly webhooks: WebhookQueue;
  /** The functions that run at least once an hour, by name. */
  readonly hourlyFunctions: Readonly<Record<string, IFunction>>;
  /** The hourly function that stores the summary of all customers. Its runs have an alarm of their own. */
  readonly summarizer: IFunction;
  /** The dead-letter queues, each under the name of the messages in it, which the alarm's description shows. */
  readonly deadLetterQueues: Readonly<Record<string, IQueue>>;
}
export type ServiceMetrics = ReturnType<typeof serviceMetrics>;

/** Returns every metric that the alarms and the dashboard use, in periods of 5 minutes unless it says otherwise. */
export function serviceMetrics({
  serviceName,
  table,
  httpApi,
  aggregator,
  mails,
  webhooks,
  hourlyFunctions,
  summarizer,
  deadLetterQueues,
}: MeasuredResources) {
  const { api } = httpApi;
  const sum = { statistic: Stats.SUM };
  const maximum = { statistic: Stats.MAXIMUM };
  const own = (metricName: string) =>
    new Metric({
      namespace: 'Fido2ServerService',
      metricName,
      dimensionsMap: { service: serviceName },
      ...sum,
    });
  const ofTable = (metricName: string, label: string, index?: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: {
        TableName: table.table.tableName,
        ...(index !== undefined && { GlobalSecondaryIndexName: index }),
      },
      label,
      ...sum,
    });
  const ofSes = (metricName: string) => new Metric({ namespace: 'AWS/SES', metricName, ...maximum });
  return {
    requests: api.metricCount(),
    clientErrors: api.metricClientError(),
    serverErrors: api.metricServerError(),
    throttledRequests: httpApi.throttledRequests,
    medianLatency: api.metricLatency({ statistic: Stats.p(50), label: 'p50' }),
    slowLatency: api.metricLatency({ statistic: Stats.p(99), label: 'p99' }),
    errorsByRoute: byRoute(api.apiId, '5xx', 'Sum'),
    latencyByRoute: byRoute(api.apiId, 'Latency', 'p99'),
    // Without a dimension, these metrics cover all functions of the account and region, including future ones.
    functionErrors: Function.metricAllErrors(),
    functionThrottles: Function.metricAllThrottles(),
    // Unlike the concurrent executions, this metric includes the concurrency that is reserved for other functions of
    // the account, which this service cannot use.
    concurrency: new Metric({ namespace: 'AWS/Lambda', metricName: 'ClaimedAccountConcurrency', ...maximum }),
    // The age, in milliseconds, that stream records have when a consumer receives them. The age grows while the
    // consumer retries a record.
    streamLag: aggregator.metric('IteratorAge', maximum),
    forwardingLag: mails.forwarder.metric('IteratorAge', maximum),
    linkAge: mails.links.metricApproximateAgeOfOldestMessage({ label: 'Links', ...maximum }),
    noticeAge: mails.notices.metricApproximateAgeOfOldestMessage({ label: 'Notices', ...maximum }),
    crashedDeliveries: webhooks.worker.metricErrors({ label: 'Crashes of deliver-webhooks' }),
    crashedSendings: mails.worker.metricErrors({ label: 'Crashes of send-mail' }),
    // A run that fails, runs out of time or out of memory, or whose function cannot start, counts as failed ("Types of
    // metrics for Lambda functions" in the AWS Lambda Developer Guide). Both metrics have the time at which the run
    // began, and Lambda writes them when the run ends. So the difference is the number of completed runs.
    runs: Object.entries(hourlyFunctions).map(([name, scheduled]) => ({ name, ...runsOf(scheduled) })),
    summaries: runsOf(summarizer),
    deadLetters: Object.entries(deadLetterQueues).map(([label, queue]) =>
      queue.metricApproximateNumberOfMessagesVisible({ label, ...maximum }),
    ),
    stoppedMappings: own('StoppedMappings'),
    aggregatedRecords: own('AggregatedRecords'),
    unreadableRecords: own('UnreadableRecords'),
    recountDrift: own('RecountDrift'),
    overdueRecounts: own('OverdueRecounts'),
    failedMails: own('FailedMails'),
    failedWebhooks: own('FailedWebhooks'),
    refusedMails: own('RefusedMails'),
    limitedLinks: own('LimitedLinks'),
    combinedNotices: own('CombinedNotices'),
    refusedSignUps: own('RefusedSignUps'),
    sentAlerts: own('SentAlerts'),
    failedAlerts: own('FailedAlerts'),
    currentMetadata: own('CurrentMetadata'),
    bounceRate: ofSes('Reputation.BounceRate'),
    complaintRate: ofSes('Reputation.ComplaintRate'),
    readUnits: ofTable('ConsumedReadCapacityUnits', 'Read units'),
    writeUnits: ofTable('ConsumedWriteCapacityUnits', 'Write units'),
    // A metric with the table's name alone does not include the index (Amazon DynamoDB Developer Guide, "DynamoDB
    // Metrics and dimensions").
    tableThrottles: [undefined, tableDefinition.finder.indexName].flatMap((index) => [
      ofTable('ReadThrottleEvents', `Reads, ${index ?? 'table'}`, index),
      ofTable('WriteThrottleEvents', `Writes, ${index ?? 'table'}`, index),
    ]),
  };
}

/** Returns the numbers of started and of failed runs of a scheduled function. */
const runsOf = (scheduled: IFunction) => ({ started: scheduled.metricInvocations(), failed: scheduled.metricErrors() });

/**
 * Returns a metric of API Gateway for each route of the API. The metrics of a Lambda function would combine all routes
 * that the function serves.
 */
function byRoute(apiId: string, metricName: string, statistic: string): MathExpression {
  return new MathExpression({
    expression: `SEARCH('{AWS/ApiGateway,ApiId,Route,Stage} ApiId="${apiId}" MetricName="${metricName}"', '${statistic}', 300)`,
    usingMetrics: {},
    label: '',
  });
}
