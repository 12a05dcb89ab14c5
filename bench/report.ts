/** A cell of a table; numbers stand at its right. */
export type Cell = string | number;

const isNumeric = (cell: Cell | undefined) =>
  typeof cell === 'number' || /^[~≤]?-?[$×]?[\d.,]+( ?[%a-zA-Z/]+)?$/.test(cell ?? '');

/** Lays out rows under a heading line, columns aligned: text at the left, numbers at the right. */
export function table(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = [heading, ...rows].map((row) => row.map(String));
  const widths = heading.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const right = heading.map(
    (_, column) => column > 0 && rows.every((row) => row[column] === '' || isNumeric(row[column])),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - cell.length);
        return right[column] === true ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  const [first = [], ...others] = cells;
  const rule = widths.map((count) => '─'.repeat(count)).join('  ');
  return [line(first), rule, ...others.map(line)].map((text) => `  ${text}`).join('\n');
}

/** A titled part of the report. */
export function section(title: string, ...parts: readonly string[]): string {
  return [title, '', ...parts.flatMap((part) => [part, ''])].join('\n');
}

/** Lines of running text under a table. */
export function notes(...lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}

/** Dollars with as many places as a millionth of an operation needs. */
export const money = (dollars: number) => `$${dollars.toFixed(4)}`;
/** A number with so many places. */
export const fixed = (value: number, places: number) => value.toFixed(places);
/** A whole number, in groups of three. */
export const whole = (value: number) => Math.round(value).toLocaleString('en-US');
/** A share, in percent. */
export const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
