import { afterEach, expect, it, vi } from 'vitest';
import { writtenMetrics } from '../support/written-metrics.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('a metric is one line in the embedded metric format, and the value 0 writes no line', () => {
  const { metrics, lines } = writtenMetrics();

  metrics.add('RecountDrift', 0);
  expect(lines).toEqual([]);
  metrics.add('RecountDrift', 3);
  expect(lines).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number) as number,
        CloudWatchMetrics: [
          {
            Namespace: 'Fido2ServerService',
            Dimensions: [['service']],
            Metrics: [{ Name: 'RecountDrift', Unit: 'Count' }],
          },
        ],
      },
      service: 'fido2-server-service-development',
      RecountDrift: 3,
    },
  ]);
});
