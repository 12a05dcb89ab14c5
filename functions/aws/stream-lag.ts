import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { HOUR, MINUTE } from '../domain/time.ts';

/**
 * Creates a function that returns the longest lag, in milliseconds, of a stream consumer in the last 65 minutes. The
 * stream consumer is the Lambda function `functionName`, and its lag is Lambda's metric `IteratorAge`. If CloudWatch
 * has no data point, for example because the stream consumer is disabled, the lag is unknown, and the created function
 * returns Infinity. It throws if CloudWatch does not answer.
 */
export function openStreamLag(functionName: string): () => Promise<number> {
  const client = new CloudWatchClient({
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  return async () => {
    const now = Date.now();
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(now - HOUR - 5 * MINUTE),
        EndTime: new Date(now),
        MetricDataQueries: [
          {
            Id: 'lag',
            MetricStat: {
              Metric: {
                Namespace: 'AWS/Lambda',
                MetricName: 'IteratorAge',
                Dimensions: [{ Name: 'FunctionName', Value: functionName }],
              },
              Period: 60,
              Stat: 'Maximum',
            },
          },
        ],
      }),
    );
    const values = MetricDataResults?.[0]?.Values ?? [];
    return values.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...values);
  };
}
