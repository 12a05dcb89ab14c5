import { MetricUnit, type Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Metrics } from '../domain/services.ts';

/** Makes metrics that are written to the log in CloudWatch's embedded metric format, one line each. */
export function metricsOf(powertools: PowertoolsMetrics): Metrics {
  return {
    add(name, value) {
      powertools.addMetric(name, MetricUnit.Count, value);
      powertools.publishStoredMetrics();
    },
  };
}
