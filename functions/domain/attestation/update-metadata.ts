import type { X509Certificate } from 'node:crypto';
import { readMetadataIndex } from '../../table/metadata.ts';
import type { Metrics, Services } from '../services.ts';
import { DAY } from '../time.ts';
import { readBlob, type SignedBlob } from './read-blob.ts';
import { storeMetadata, type Stored } from './store-metadata.ts';

/** The services of a run that updates the metadata. */
export interface MetadataServices extends Pick<Services, 'table' | 'clock' | 'log'> {
  readonly metrics: Metrics;
  /** Downloads the BLOB. Returns undefined if the service has no source of metadata. */
  readonly metadataSource: () => Promise<SignedBlob | undefined>;
  /**
   * Looks up the certificates of a verified path, the leaf first, in the revocation lists that the certificates name.
   * Returns why the path is refused, undefined if no list contains a certificate of the path.
   */
  readonly refusalByLists: (path: readonly X509Certificate[]) => Promise<string | undefined>;
}

/**
 * The outcome of a run: the outcome of `storeMetadata`, or `off` (there is no source), `not-downloaded`, or `refused`
 * (the BLOB is malformed, or the FIDO Alliance did not sign it).
 */
export type MetadataReport =
  Stored | { readonly outcome: 'off' | 'not-downloaded' } | { readonly outcome: 'refused'; readonly reason: string };

/** The outcomes after which the operator should find the cause. */
const FAILED: ReadonlySet<MetadataReport['outcome']> = new Set(['not-downloaded', 'refused', 'older']);

/**
 * Downloads the metadata BLOB, verifies it and stores what changed. Adds 1 to the metric `CurrentMetadata` if this
 * succeeds and the stored metadata is not overdue. Otherwise, logs the reason. The operator gets an alarm when the
 * metric is missing, so the alarm also rings if a run does not begin or does not end. A run that cannot update the
 * metadata keeps the stored metadata. Throws only if the table fails.
 */
export async function updateMetadata(services: MetadataServices): Promise<MetadataReport> {
  const { table, clock, log, metrics } = services;
  const report = await runWith(services);
  if (report.outcome === 'off') return report;
  const hasFailed = FAILED.has(report.outcome);
  if (hasFailed) log.error('the metadata was not updated', { ...report });
  else log.info('metadata run', { ...report });
  const nextUpdate = (await readMetadataIndex(table))?.nextUpdate;
  // The next BLOB may appear until the end of this date.
  const isOverdue = nextUpdate != null && clock.now() >= Date.parse(nextUpdate) + DAY;
  if (isOverdue) log.error('the stored metadata is overdue', { nextUpdate });
  if (!hasFailed && !isOverdue) metrics.add('CurrentMetadata', 1);
  return report;
}

async function runWith(services: MetadataServices): Promise<MetadataReport> {
  const { table, clock, log, metadataSource, refusalByLists } = services;
  let signed: SignedBlob | undefined;
  try {
    signed = await metadataSource();
  } catch (error) {
    log.warn('the metadata could not be downloaded', { error });
    return { outcome: 'not-downloaded' };
  }
  if (!signed) return { outcome: 'off' };
  const reading = readBlob(signed, clock.now());
  if (reading.refusal !== undefined) return { outcome: 'refused', reason: reading.refusal };
  const { metadata, path } = reading;
  const refusal = await refusalByLists(path);
  if (refusal !== undefined) return { outcome: 'refused', reason: refusal };
  const stored = await storeMetadata(table, metadata);
  const { unusable } = metadata;
  if (unusable + stored.tooLarge > 0) log.warn('metadata entries were left out', { unusable, ...stored });
  return stored;
}
