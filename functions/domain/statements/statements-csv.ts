import type { StatementView } from '../../contract/statements.ts';
import { csv } from '../csv.ts';

/**
 * Gives statements as CSV: for each month a row an RP, then one whose `id` is `total`. Maximum, overage and fee stand in
 * the total's row only, so that the column of a fee adds up.
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
