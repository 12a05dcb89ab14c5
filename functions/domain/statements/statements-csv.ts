import type { StatementView } from '../../contract/statements.ts';
import { csv } from '../csv.ts';

/**
 * Returns statements as CSV. The CSV contains, for each month, a row for each RP and then a total row, whose `id` is
 * `total`. Only the total rows contain the maximum MAU, the overage and the fee, so that the sum of the fee column is
 * the sum of all fees.
 */
export function statementsCsv(statements: readonly StatementView[]): string {
  return csv([
    [
      ...['month', 'timeZone', 'closedAt', 'license', 'licenseStartsAt', 'licenseEndsAt'],
      ...['id', 'rpId', 'name', 'removed', 'mau', 'maxMau', 'overageMau', 'overageFee', 'currency'],
    ],
    ...statements.flatMap(({ month, timeZone, closedAt, license, rps, mau, maxMau, overageMau, overageFee }) => {
      const statement = [month, timeZone, closedAt, license.type, license.startsAt, license.endsAt];
      const { amount = null, currency = null } = overageFee ?? {};
      return [
        ...rps.map((rp) => [...statement, rp.id, rp.rpId, rp.name, rp.removed, rp.mau, null, null, null, null]),
        [...statement, 'total', null, null, null, mau, maxMau, overageMau, amount, currency],
      ];
    }),
  ]);
}
