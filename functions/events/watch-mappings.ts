import { openMappings } from '../aws/event-source-mappings.ts';
import { lambdaLog } from '../aws/lambda-log.ts';
import { openMetrics } from '../aws/metrics.ts';
import { watchMappings, type WatchServices } from '../domain/operator/watch-mappings.ts';
import { onLambda, setting } from '../environment.ts';

/**
 * Creates the Lambda function that, every 5 minutes, reports the event source mappings that do not read their stream or
 * queue.
 */
export function build(services: WatchServices) {
  return () => watchMappings(services);
}

export const handler = onLambda(() =>
  build({
    log: lambdaLog(),
    metrics: openMetrics(),
    mappings: openMappings(setting('EVENT_SOURCE_MAPPINGS').split(',')),
  }),
);
