import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Metrics } from '../domain/services.ts';

/**
 * Creates the `Metrics` service that the domain code uses. Its function `add` writes a log line in CloudWatch's
 * embedded metric format, from which CloudWatch creates the metric. Writes nothing for the value 0, because a count
 * without data is 0 for every alarm, and CloudWatch charges for each hour in which a metric has data.
 */
export function openMetrics(powertools = new PowertoolsMetrics()): Metrics {
  return {
    add(name, value) {
      if (value === 0) return;
      powertools.addMetric(name, MetricUnit.Count, value);
      powertools.publishStoredMetrics();
    },
  };
}
