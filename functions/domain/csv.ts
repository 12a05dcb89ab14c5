/** Returns rows as CSV (RFC 4180), each row ended by CRLF. Null becomes an empty field. */
export function csv(rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  return rows.map((row) => `${row.map((value) => (value === null ? '' : field(value))).join(',')}\r\n`).join('');
}

/** The byte order mark of UTF-8. Excel reads a CSV file without it as text in the character set of the machine. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Returns the content of a CSV file for people. Responses of the API have no byte order mark, because programs read
 * them and already know the character set from the content type.
 */
export const csvFile = (text: string): string => `${BYTE_ORDER_MARK}${text}`;

/**
 * Matches each place where a spreadsheet program could begin to read a formula (OWASP, CSV injection): before one of
 * the characters = + - @, at full width too, if only blanks and quotation marks stand between this character and the
 * start of a cell. A program that separates cells by semicolons or tabs ignores the quotation marks around our fields,
 * so that a cell can start after each comma, semicolon, tab and line end within the text. The first cell can also start
 * with a tab or a line end, which some programs skip.
 */
const formula = /(?<=(?:^|[,;\t\r\n])[\s\p{Cc}\p{Cf}"]*)(?=[=+\-@＝＋－＠])|^(?=[\t\r\n])/gu;

/**
 * Returns a value as a CSV field, in quotes where CSV needs them. Puts an apostrophe before each character that would
 * begin a formula.
 */
function field(value: string | number | boolean): string {
  const text = typeof value === 'string' ? value.replace(formula, "'") : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
