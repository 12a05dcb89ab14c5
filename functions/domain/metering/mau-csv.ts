import type { MauView } from '../../contract/customers.ts';
import { csv } from '../csv.ts';

/**
 * Returns the MAU view as CSV, with a row for each listed RP, a row for the removed RPs that are not listed, if there
 * are any, a last row for the total, and a column for each month.
 */
export function mauCsv({ months, rps, otherRemovedRps, total }: MauView): string {
  return csv([
    ['id', 'rpId', 'name', 'removed', ...months],
    ...rps.map(({ id, rpId, name, removed, mau }) => [id, rpId, name, removed, ...mau]),
    ...(otherRemovedRps ? [['other removed RPs', '', '', true, ...otherRemovedRps]] : []),
    ['total', '', '', '', ...total],
  ]);
}
