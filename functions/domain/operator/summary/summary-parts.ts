import type { SummaryPart } from '../../../table/operator-summary.ts';

/** The maxima of one part of a list, before its rows are compressed. Text that does not compress must fit as well. */
const ROWS_A_PART = 50;
const BYTES_A_PART = 20_000;

/** Cuts the rows of a list, which are in the list's order, into parts. `positionOf` returns the position of a row. */
export function partsOf<Row>(
  rows: readonly Row[],
  positionOf: (row: Row, index: number) => string = (_, index) => String(index).padStart(7, '0'),
): SummaryPart<Row>[] {
  const starts: number[] = [];
  let size = 0;
  rows.forEach((row, index) => {
    const own = Buffer.byteLength(JSON.stringify(row)) + 1;
    const start = starts.at(-1);
    if (start === undefined || index - start === ROWS_A_PART || size + own > BYTES_A_PART) {
      starts.push(index);
      size = 0;
    }
    size += own;
  });
  const positions = starts.map((start) => positionOf(rows[start] as Row, start));
  // An empty list has one part without rows, so that readers can tell it from a list that a run has removed.
  if (starts.length === 0) return [{ position: '', rows: [] }];
  return starts.map((start, part) => ({
    position: part === 0 ? '' : (positions[part] ?? ''),
    next: positions[part + 1],
    rows: rows.slice(start, starts[part + 1]),
  }));
}
