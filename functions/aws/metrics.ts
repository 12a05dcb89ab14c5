import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Metrics } from '../domain/services.ts';

/**
 * Creates the `Metrics` service that the domain code uses. Its function `add` writes a log line in CloudWatch's
 * embedded metric format, from which CloudWatch creates the metric.
 */
export function openMetrics(powertools = new PowertoolsMetrics()): Metrics {
  return {
    add(name, value) {
      powertools.addMetric(name, MetricUnit.Count, value);
      powertools.publishStoredMetrics();
    },
  };
}
