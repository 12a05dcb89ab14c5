import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { HOUR, MINUTE } from '../domain/time.ts';

/**
 * Gives what tells how far a function was behind its stream at worst during the last hour, in milliseconds: the maximum
 * of Lambda's `IteratorAge`. Without a data point nothing came through the stream, so that nothing is behind.
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
    return Math.max(0, ...(MetricDataResults?.[0]?.Values ?? []));
  };
}
