import { putCopied, readCopied, type Copied } from '../../table/metering/copied-records.ts';
import type { ClosingRecord } from '../../table/closing-records.ts';
import type { Services } from '../services.ts';
import { copyClosingRecords } from './copy-closing-records.ts';
import { copyStatements } from './copy-statements.ts';

/** The bucket to which statements and closing records are copied, and the closing records. */
export interface Copies {
  readonly bucket: string;
  /** Stores a copy under a name. Does nothing if the bucket contains a copy of this name. */
  readonly keep: (name: string, copy: object) => Promise<void>;
  /** Reads all closing records. */
  readonly readClosingRecords: () => Promise<readonly ClosingRecord[]>;
}
export interface CopyingServices extends Services {
  readonly copies: Copies;
}
/** How many copies a run has stored, or has found stored. */
export interface CopyReport {
  readonly statements: number;
  readonly closingRecords: number;
  /** Whether the run copied everything. If not, the next run continues. */
  readonly isComplete: boolean;
}

/**
 * Copies the closing records, and the statements of the months that are closed for every customer. Copies neither
 * names nor domain names, and no statement with a Free license, because nobody bills it.
 *
 * The name of a copy follows from its record, which never changes, and an existing copy stays. The run stores last, in
 * one item, the bucket and which records it contains. So if the process dies after any copy, the next run repeats the
 * copies of this run. If the stage has another bucket now, the run copies everything to it.
 *
 * Stops when `hasTime` returns false. The stored item says how far the run came, so a backlog of any length ends after
 * several runs. Throws an `Error` at its end if a record could not be copied: it then copies no further closing record,
 * but the statements of the other customers.
 */
export async function copyRecords(services: CopyingServices, hasTime: () => boolean): Promise<CopyReport> {
  const { table, copies } = services;
  const stored = await readCopied(table);
  const copied: Copied = stored?.bucket === copies.bucket ? stored : { bucket: copies.bucket, closingRecordsUntil: 0 };
  const closing = await copyClosingRecords(services, copied, hasTime);
  const statements = await copyStatements(services, copied, hasTime);
  if (closing.copied > 0 || statements.isChanged)
    await putCopied(table, { bucket: copied.bucket, ...closing.mark, ...statements.mark });
  const failed = [
    ...(closing.failed > 0 ? ['closing records'] : []),
    ...(statements.failed > 0 ? [`the statements of ${statements.failed} customers`] : []),
  ];
  if (failed.length > 0) throw new Error(`Could not be copied: ${failed.join(' and ')}.`);
  return {
    statements: statements.copied,
    closingRecords: closing.copied,
    isComplete: closing.isComplete && statements.mark.begun === undefined,
  };
}
