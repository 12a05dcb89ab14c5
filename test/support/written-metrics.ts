import { Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import { vi } from 'vitest';
import { openMetrics } from '../../functions/aws/metrics.ts';
import type { Metrics } from '../../functions/domain/services.ts';

/**
 * Returns the `Metrics` service of the Lambda functions, and the lines that it writes to standard output, parsed. The
 * caller must afterwards call `vi.restoreAllMocks()` and `vi.unstubAllEnvs()`.
 */
export function writtenMetrics(): { metrics: Metrics; lines: Record<string, unknown>[] } {
  // Otherwise, Powertools writes to a console of its own. In this mode, Powertools writes metrics only if told so.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const lines: Record<string, unknown>[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
  });
  const powertools = new PowertoolsMetrics({
    namespace: 'Fido2ServerService',
    serviceName: 'fido2-server-service-development',
  });
  return { metrics: openMetrics(powertools), lines };
}
