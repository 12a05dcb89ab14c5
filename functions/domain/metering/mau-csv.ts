import type { MauView } from '../../contract/customers.ts';
import { csv } from '../csv.ts';

/** Gives the MAU view as CSV: a row an RP and one for the total, a column a month. */
export function mauCsv({ months, rps, total }: MauView): string {
  return csv([
    ['id', 'rpId', 'name', 'removed', ...months],
    ...rps.map(({ id, rpId, name, removed, mau }) => [id, rpId, name, removed, ...mau]),
    ['total', '', '', '', ...total],
  ]);
}
