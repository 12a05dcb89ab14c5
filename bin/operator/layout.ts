/** A title, and the text below the title. */
export type Section = readonly [title: string, text: string];

/** Formats sections with indented text. */
export function sections(...all: readonly Section[]): string {
  return all.map(([title, text]) => `${title}\n${text.replaceAll(/^/gm, '  ')}`).join('\n\n');
}

/** Formats a number with commas between groups of three digits. */
export const grouped = (count: number) => count.toLocaleString('en-US');
/** Formats a number of things, such as "1 RP" and "1,000 RPs". */
export const counts = (count: number, what: string) => `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;

/** Formats names and values in two columns. */
export const pairs = (values: Record<string, string>) => aligned(Object.entries(values));
/** Formats rows below a row of column titles. */
export const table = (head: string[], rows: readonly string[][]) => aligned([head, ...rows]);

/** Formats rows in columns. Aligns columns of numbers to the right. */
function aligned(rows: readonly string[][]): string {
  const columns = (rows[0] ?? []).map((_, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    return {
      width: Math.max(...cells.map(({ length }) => length)),
      isNumeric: cells.length > 1 && cells.slice(1).every((cell) => /^\d+$/.test(cell)),
    };
  });
  return rows
    .map((row) =>
      columns
        .map(({ width, isNumeric }, index) => {
          const cell = row[index] ?? '';
          return isNumeric ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
