import { openMetrics } from '../aws/metrics.ts';
import { FIDO_ALLIANCE } from '../domain/attestation/fido-roots.ts';
import { updateMetadata, type MetadataServices } from '../domain/attestation/update-metadata.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';
import { download } from '../network/download.ts';
import { refusalByLists } from '../network/revocation-lists.ts';

/** The metadata has several MB, and most of it is icons. Three attempts take less time than the time-out allows. */
const LIMITS = { timeout: MINUTE, maxBytes: 30_000_000, pause: 10 * SECOND };

/**
 * Creates the Lambda function that, once a day, downloads the FIDO Alliance's metadata about authenticators and stores
 * what changed.
 */
export function build(services: MetadataServices) {
  return () => updateMetadata(services);
}

export const handler = onLambda(() => {
  const url = setting('METADATA_URL');
  return build({
    ...servicesFromEnvironment(),
    metrics: openMetrics(),
    metadataSource: async () => ({ ...FIDO_ALLIANCE, blob: await download(url, LIMITS) }),
    refusalByLists,
  });
});
