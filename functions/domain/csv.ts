/** Returns rows as CSV (RFC 4180), each row ended by CRLF. Null becomes an empty field. */
export function csv(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return rows.map((row) => `${row.map((value) => (value === null ? '' : field(value))).join(',')}\r\n`).join('');
}

/**
 * Matches each place where a spreadsheet program could begin to read a formula (OWASP, CSV injection). Such a place is
 * at the start of the text or after a semicolon, and is followed by one of the characters in the pattern's last
 * brackets. A spreadsheet program that separates fields by semicolons begins a new field after each semicolon, even
 * within quotes.
 */
const formula = /(^|;\s*)(?=[=+\-@\t\r＝＋－＠])/g;

/**
 * Returns a value as a CSV field, in quotes where CSV needs them. Puts an apostrophe before each character that would
 * begin a formula.
 */
function field(value: string | number | boolean): string {
  const text = typeof value === 'string' ? value.replace(formula, "$1'") : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
