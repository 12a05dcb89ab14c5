import type { StatementView } from '../../contract/statements.ts';
import { csv } from '../csv.ts';

/** The header row of statements as CSV. */
export const csvHeader = csv([
  [
    ...['month', 'timeZone', 'closedAt', 'license', 'licenseStartsAt', 'licenseEndsAt'],
    ...['id', 'rpId', 'name', 'removed', 'mau', 'maxMau', 'overageMau', 'overageFee', 'currency', 'measured'],
  ],
]);

/**
 * Returns a statement as CSV: a row for each RP and then a total row, whose `id` is `total`. Only the total row
 * contains the maximum MAU, the overage and the fee, so that the sum of the fee column is the sum of all fees.
 */
export function csvRowsOf(statement: StatementView): string {
  const { month, timeZone, closedAt, license, rps, mau, measured, maxMau, overageMau, overageFee } = statement;
  const fields = [month, timeZone, closedAt, license.type, license.startsAt, license.endsAt];
  const { amount = null, currency = null } = overageFee ?? {};
  return csv([
    ...rps.map((rp) => [...fields, rp.id, rp.rpId, rp.name, rp.removed, rp.mau, null, null, null, null, rp.measured]),
    [...fields, 'total', null, null, null, mau, maxMau, overageMau, amount, currency, measured],
  ]);
}
