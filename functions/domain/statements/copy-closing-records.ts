import pMap from 'p-map';
import type { Copied } from '../../table/metering/copied-records.ts';
import { DAY } from '../time.ts';
import type { CopyingServices } from './copy-records.ts';

/** The number of closing records that are copied at the same time. */
const AT_ONCE = 10;
/**
 * The longest time from the time in a final closing record until the record is stored, in milliseconds. The worker that
 * discards data takes the time right before it stores the record, and has at most 15 minutes.
 */
const STORED_WITHIN = DAY;

/** The result of copying closing records. */
export interface ClosingRecordsCopied {
  /** How many copies the run has stored, or has found stored. */
  readonly copied: number;
  readonly failed: number;
  readonly isComplete: boolean;
  readonly mark: Pick<Copied, 'closingRecordsUntil'>;
}

/**
 * Copies the closing records that are not final, and then the final ones that may be newer than the last copies, the
 * oldest first. Stops when `hasTime` returns false, and after a copy that was not stored, which it logs. Returns the
 * time up to which all final closing records are copied.
 */
export async function copyClosingRecords(
  { copies, clock, log }: CopyingServices,
  { closingRecordsUntil }: Pick<Copied, 'closingRecordsUntil'>,
  hasTime: () => boolean,
): Promise<ClosingRecordsCopied> {
  const startedAt = clock.now();
  const since = closingRecordsUntil - STORED_WITHIN;
  const records = (await copies.readClosingRecords())
    .filter(({ discardedAt }) => discardedAt === null || discardedAt >= since)
    .sort((one, other) => (one.discardedAt ?? 0) - (other.discardedAt ?? 0));
  let failed = 0;
  const areCopied = await pMap(
    records,
    async (record) => {
      if (failed > 0 || !hasTime()) return false;
      const state = record.discardedAt === null ? 'begun' : 'discarded';
      try {
        await copies.keep(`closing-records/${record.customerId}-${state}.json`, record);
        return true;
      } catch (error) {
        failed += 1;
        log.error('a closing record could not be copied', { customerId: record.customerId, error });
        return false;
      }
    },
    { concurrency: AT_ONCE },
  );
  const left = records.filter((_, index) => areCopied[index] === false);
  const times = left.flatMap(({ discardedAt }) => (discardedAt === null ? [] : [discardedAt + STORED_WITHIN]));
  return {
    copied: records.length - left.length,
    failed,
    isComplete: left.length === 0,
    mark: { closingRecordsUntil: Math.min(startedAt, ...times) },
  };
}
