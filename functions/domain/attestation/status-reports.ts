import { CERTIFICATION_LEVELS, type CertificationLevel } from '../../contract/values/certification-levels.ts';
import type { MetadataEntry } from '../../table/metadata.ts';
import { DAY } from '../time.ts';

export { CERTIFICATION_LEVELS, type CertificationLevel };

/** Returns whether one level is at least as high as another. */
export const isAtLeast = (level: CertificationLevel, minimum: CertificationLevel): boolean =>
  CERTIFICATION_LEVELS.indexOf(level) >= CERTIFICATION_LEVELS.indexOf(minimum);

const levelOf = (status: string): CertificationLevel | undefined =>
  CERTIFICATION_LEVELS.find((level) => level === status);

/** The statuses after which nobody should rely on an authenticator's attestation. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'REVOKED',
  'ATTESTATION_KEY_COMPROMISE',
  'USER_VERIFICATION_BYPASS',
  'USER_KEY_REMOTE_COMPROMISE',
  'USER_KEY_PHYSICAL_COMPROMISE',
]);

/**
 * Returns whether a status report says that the authenticator was revoked or compromised. Such a report counts for
 * good, even if a later report says `UPDATE_AVAILABLE`: an attestation does not say whether the authenticator has the
 * update. It also counts before its `effectiveDate`. Unknown statuses say nothing.
 */
export const isCompromised = ({ statusReports }: Pick<MetadataEntry, 'statusReports'>): boolean =>
  statusReports.some(({ status }) => UNTRUSTED.has(status));

/**
 * Returns the level to which the authenticator is certified at `now` (epoch milliseconds): the status of the latest
 * report about certification. Returns null if this report says `NOT_FIDO_CERTIFIED`, or if there is none. A report
 * counts from the start of its `effectiveDate` in UTC. A report without a date is older than every report with one. Of
 * two reports with the same date, the report that stands later in the metadata is the later one.
 */
export function certificationAt(
  { statusReports }: Pick<MetadataEntry, 'statusReports'>,
  now: number,
): CertificationLevel | null {
  const today = new Date(now - (now % DAY)).toISOString().slice(0, 10);
  const latest = statusReports
    .filter(({ status }) => status === 'NOT_FIDO_CERTIFIED' || levelOf(status) !== undefined)
    .filter(({ effectiveDate = '' }) => effectiveDate <= today)
    .reduce<MetadataEntry['statusReports'][number] | undefined>(
      (last, report) => ((report.effectiveDate ?? '') >= (last?.effectiveDate ?? '') ? report : last),
      undefined,
    );
  return latest === undefined ? null : (levelOf(latest.status) ?? null);
}
