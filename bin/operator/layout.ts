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

/** The cell of a value that does not exist. */
export const NONE = '-';

/** Matches a number, an amount of money such as "1,200.50 USD", and `NONE`. */
const NUMERIC = /^(\d[\d,]*(\.\d+)?( [A-Z]{3})?|-)$/;

/** Formats rows in columns. Aligns columns of numbers to the right. */
function aligned(rows: readonly string[][]): string {
  const columns = (rows[0] ?? []).map((_, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    return {
      width: Math.max(...cells.map(widthOf)),
      isNumeric: cells.length > 1 && cells.slice(1).every((cell) => NUMERIC.test(cell)),
    };
  });
  return rows
    .map((row) =>
      columns
        .map(({ width, isNumeric }, index) => {
          const cell = row[index] ?? '';
          const spaces = ' '.repeat(width - widthOf(cell));
          return isNumeric ? `${spaces}${cell}` : `${cell}${spaces}`;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/**
 * Matches a grapheme that a terminal shows in two columns: Chinese, Japanese and Korean characters, their punctuation,
 * full-width forms, and emoji (the East Asian widths W and F of Unicode Standard Annex 11). Half-width katakana take
 * one column.
 */
const WIDE =
  /^(?![\uFF61-\uFFDC\uFFE8-\uFFEE])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303E\u30FB\u30FC\uFF01-\uFF60\uFFE0-\uFFE6\p{Emoji_Presentation}]/u;

/** Returns how many columns a text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    // The marks of half-width katakana belong to the grapheme before them, but take a column of their own.
    const marks = segment.slice(1).match(/[\uFF9E\uFF9F]/g)?.length ?? 0;
    width += (WIDE.test(segment) ? 2 : 1) + marks;
  }
  return width;
}
