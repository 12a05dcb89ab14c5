import { MetricUnit, type Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { Metrics } from '../domain/services.ts';

/** Creates metrics that write one log line each, in CloudWatch's embedded metric format. */
export function metricsOf(powertools: PowertoolsMetrics): Metrics {
  return {
    add(name, value) {
      powertools.addMetric(name, MetricUnit.Count, value);
      powertools.publishStoredMetrics();
    },
  };
}
