import type { MauView } from '../../contract/customers.ts';
import { csv } from '../csv.ts';

/**
 * Returns the MAU view as CSV, with a row for each listed RP, a row for the removed RPs that are not listed, if there
 * are any, and a last row for the total. A column for each month contains the MAU. The last columns, again one for each
 * month, contain how many of the active users were measured.
 */
export function mauCsv(view: MauView): string {
  const { months, rps, otherRemovedRps, measuredOtherRemovedRps = [], total, measuredTotal } = view;
  return csv([
    ['id', 'rpId', 'name', 'removed', ...months, ...months.map((month) => `${month} measured`)],
    ...rps.map(({ id, rpId, name, removed, mau, measured }) => [id, rpId, name, removed, ...mau, ...measured]),
    ...(otherRemovedRps ? [['other removed RPs', '', '', true, ...otherRemovedRps, ...measuredOtherRemovedRps]] : []),
    ['total', '', '', '', ...total, ...measuredTotal],
  ]);
}
