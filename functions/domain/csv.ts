/** Gives rows as CSV (RFC 4180); null is an empty field. */
export function csv(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return rows.map((row) => `${row.map((value) => (value === null ? '' : field(value))).join(',')}\r\n`).join('');
}

/** Quotes what CSV needs quoted; text that a spreadsheet would take for a formula gets an apostrophe, also in full width (OWASP, CSV injection). */
function field(value: string | number | boolean): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
