import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { HOUR, MINUTE } from '../domain/time.ts';

/**
 * Gives what tells how far a function was behind its stream at worst during the last hour, in milliseconds: the maximum
 * of Lambda's `IteratorAge`. Infinity without a data point: the function may be idle, and as well be switched off.
 */
export function openStreamLag(functionName: string): () => Promise<number> {
  const client = new CloudWatchClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } });
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
