/** Gives rows as CSV (RFC 4180); null is an empty field. */
export function csv(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return rows.map((row) => `${row.map((value) => (value === null ? '' : field(value))).join(',')}\r\n`).join('');
}

/**
 * Where a spreadsheet would begin a formula, also in full width (OWASP, CSV injection): where the text begins, and behind a
 * semicolon, at which one that separates by those cuts a line whatever is quoted.
 */
const formula = /(^|;\s*)(?=[=+\-@\t\r＝＋－＠])/g;

/** Quotes what CSV needs quoted; what would begin a formula gets an apostrophe. */
function field(value: string | number | boolean): string {
  const text = typeof value === 'string' ? value.replace(formula, "$1'") : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
