import type { MauView } from '../../contract/customers.ts';
import { csv } from '../csv.ts';

/** Returns the MAU view as CSV, with a row for each RP, a last row for the total, and a column for each month. */
export function mauCsv({ months, rps, total }: MauView): string {
  return csv([
    ['id', 'rpId', 'name', 'removed', ...months],
    ...rps.map(({ id, rpId, name, removed, mau }) => [id, rpId, name, removed, ...mau]),
    ['total', '', '', '', ...total],
  ]);
}
