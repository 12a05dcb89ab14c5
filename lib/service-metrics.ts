import { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Function, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { MailQueues } from './constructs/mail-queues.ts';
import type { HttpApi } from './constructs/http-api.ts';
import type { SingleTable } from './constructs/single-table.ts';

/** The resources that the metrics measure. */
export interface MeasuredResources {
  readonly serviceName: string;
  readonly table: SingleTable;
  readonly httpApi: HttpApi;
  /** The function that counts active users from the records of the table's stream. */
  readonly aggregator: IFunction;
  /** The functions and queues through which e-mails pass from the table's stream to SES. */
  readonly mails: MailQueues;
  readonly deadLetterQueues: readonly IQueue[];
}
export type ServiceMetrics = ReturnType<typeof serviceMetrics>;

/** Returns every metric that the alarms and the dashboard use, in periods of 5 minutes. */
export function serviceMetrics({
  serviceName,
  table,
  httpApi,
  aggregator,
  mails,
  deadLetterQueues,
}: MeasuredResources) {
  const { api } = httpApi;
  const sum = { statistic: Stats.SUM };
  const own = (metricName: string) =>
    new Metric({
      namespace: 'Fido2ServerService',
      metricName,
      dimensionsMap: { service: serviceName },
      ...sum,
    });
  const ofTable = (metricName: string) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName: table.table.tableName },
      ...sum,
    });
  /**
   * Returns the metric for the age, in milliseconds, that stream records have when a consumer receives them. The age
   * grows while the consumer retries a record.
   */
  const lagOf = (consumer: IFunction) => consumer.metric('IteratorAge', { statistic: Stats.MAXIMUM });
  return {
    requests: api.metricCount(),
    clientErrors: api.metricClientError(),
    serverErrors: api.metricServerError(),
    throttledRequests: httpApi.throttledRequests,
    medianLatency: api.metricLatency({ statistic: Stats.p(50), label: 'p50' }),
    slowLatency: api.metricLatency({ statistic: Stats.p(99), label: 'p99' }),
    errorsByRoute: byRoute(api.apiId, '5xx', 'Sum'),
    latencyByRoute: byRoute(api.apiId, 'Latency', 'p99'),
    // Without a dimension, these metrics cover all functions of the account and region, including future ones. An alarm
    // cannot cover only the functions of this stage: an alarm cannot use a search expression, and an alarm on a sum can
    // use at most ten metrics.
    functionErrors: Function.metricAllErrors(),
    functionThrottles: Function.metricAllThrottles(),
    concurrency: Function.metricAllConcurrentExecutions({ statistic: Stats.MAXIMUM }),
    streamLag: lagOf(aggregator),
    linkLag: lagOfMails(lagOf(mails.forwarder), mails.links),
    noticeLag: lagOfMails(lagOf(mails.forwarder), mails.notices),
    aggregatedRecords: own('AggregatedRecords'),
    unreadableRecords: own('UnreadableRecords'),
    recountDrift: own('RecountDrift'),
    unclosedCustomers: own('UnclosedCustomers'),
    overdueClosings: own('OverdueClosings'),
    failedMails: own('FailedMails'),
    refusedMails: own('RefusedMails'),
    limitedLinks: own('LimitedLinks'),
    combinedNotices: own('CombinedNotices'),
    refusedSignUps: own('RefusedSignUps'),
    sentAlerts: own('SentAlerts'),
    failedAlerts: own('FailedAlerts'),
    failedMetadataUpdates: own('FailedMetadataUpdates'),
    overdueMetadata: own('OverdueMetadata'),
    deadLetters: deadLettersIn(deadLetterQueues),
    readUnits: ofTable('ConsumedReadCapacityUnits'),
    writeUnits: ofTable('ConsumedWriteCapacityUnits'),
  };
}

/**
 * Returns the metric for how long e-mails wait to be sent, in milliseconds: the age of the stream records of new
 * e-mails and the age of the oldest message in a queue of e-mails. SQS measures in seconds. A missing value counts as
 * no age.
 */
function lagOfMails(forwarding: IMetric, queue: IQueue): MathExpression {
  const waiting = `waiting${queue.node.id}`;
  return new MathExpression({
    expression: `FILL(forwarding, 0) + FILL(${waiting}, 0) * 1000`,
    usingMetrics: { forwarding, [waiting]: queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM }) },
    label: queue.node.id,
    period: Duration.minutes(5),
  });
}

/**
 * Returns the number of messages in all dead-letter queues. SQS sends no metrics for a queue that was unused for hours;
 * a missing value counts as zero messages.
 */
function deadLettersIn(queues: readonly IQueue[]): MathExpression {
  const counts = queues.map(
    (queue, index) =>
      [`queue${index}`, queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM })] as const,
  );
  return new MathExpression({
    expression: counts.map(([name]) => `FILL(${name}, 0)`).join(' + '),
    usingMetrics: Object.fromEntries(counts),
    label: 'Dead letters',
    period: Duration.minutes(5),
  });
}

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
