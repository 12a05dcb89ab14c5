import type { MauView } from '../contract/customers.ts';

/** Gives the MAU view as CSV (RFC 4180): a row an RP and one for the total, a column a month. */
export function mauCsv({ months, rps, total }: MauView): string {
  const rows = [
    ['id', 'rpId', 'name', 'removed', ...months],
    ...rps.map(({ id, rpId, name, removed, mau }) => [id, rpId, name, removed, ...mau]),
    ['total', '', '', '', ...total],
  ];
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Quotes what CSV needs quoted; text that a spreadsheet would take for a formula gets an apostrophe (OWASP, CSV injection). */
function field(value: string | number | boolean): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
