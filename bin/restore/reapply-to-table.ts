import { createCalendar } from '../../functions/domain/calendar.ts';
import { discardRemovedRps } from '../../functions/domain/leaving/discard-removed-rps.ts';
import { reapplyClosingRecords, type ReapplyReport } from '../../functions/domain/leaving/reapply-closing-records.ts';
import {
  keepClosingRecord,
  readKeptClosingRecords,
  type ClosingRecord,
} from '../../functions/table/closing-records.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { digestOf } from './digest-of.ts';

/** How many customers and RPs were discarded again. */
export interface ReapplyResult extends ReapplyReport {
  /** The number of closing records. */
  readonly records: number;
  /** The digest of these closing records. */
  readonly digest: string;
  /** The RPs that were removed shortly before the backup, and whose discarding was repeated. */
  readonly rps: number;
}

/**
 * Discards in a restored table every customer that has a closing record, and what belongs to RPs that were removed
 * shortly before `at`, the time of the backup. Requires that the service does not use the table.
 * `log` receives the service's log lines, such as one for each customer.
 */
export async function reapplyToTable(
  table: Table,
  closingRecords: Table,
  { at, log }: { at: Date; log: (message: string, fields: object) => void },
): Promise<ReapplyResult> {
  const line = (message: string, fields = {}) => {
    log(message, fields);
  };
  const services = {
    table,
    clock: { now: () => Date.now() },
    log: { info: line, warn: line, error: line },
    consoleUrl: '',
    // The calendar is used only to list the months whose active-user partitions are discarded, and those in which RPs
    // were removed. The lists begin a month early and end a month late, so the time zone UTC is correct for a service
    // in any time zone.
    calendar: createCalendar('UTC'),
    keepClosingRecord: (record: ClosingRecord) => keepClosingRecord(closingRecords, record),
  };
  const records = await readKeptClosingRecords(closingRecords);
  const report = await reapplyClosingRecords(services, records);
  const rps = await discardRemovedRps(services, at.getTime());
  return { ...report, records: records.length, digest: digestOf(records), rps };
}

/** Returns the log of `reapplyToTable` that prints the ID of each customer that it has changed. */
export const printCustomers =
  (print: (line: string) => void) =>
  (message: string, fields: { readonly customerId?: string }): void => {
    const isAboutCustomer = ['a customer was discarded again', 'a pending unsubscription was cancelled'].includes(
      message,
    );
    if (isAboutCustomer) print(`         ${message}: ${fields.customerId ?? ''}`);
  };
