import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../../functions/domain/csv.ts';

/**
 * Returns the cells of a CSV text as spreadsheet programs read it: a cell that begins with a quotation mark lasts until
 * the closing mark; elsewhere, quotation marks are ordinary characters.
 */
function cellsOf(text: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  let isAtStart = true;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (isQuoted && character === '"' && text.charAt(index + 1) === '"') {
      cell += '"';
      index += 1;
    } else if (isQuoted && character === '"') {
      isQuoted = false;
    } else if (!isQuoted && isAtStart && character === '"') {
      isQuoted = true;
      isAtStart = false;
    } else if (!isQuoted && (character === separator || character === '\r' || character === '\n')) {
      cells.push(cell);
      cell = '';
      isAtStart = true;
    } else {
      cell += character;
      isAtStart = false;
    }
  }
  return [...cells, cell];
}

const formulas = (text: string, separator: string) =>
  cellsOf(text, separator).filter((cell) => /^[\s"]*[=+\-@＝＋－＠]/.test(cell));

const rowOf = (name: string) =>
  csv([
    ['rp_1', name, 3],
    ['total', null, 3],
  ]);

describe('a CSV text', () => {
  it.each([
    `x;"=cmd|' /C calc'!A0;`,
    'x;=1+1',
    'x; =1+1',
    'x;""=1+1',
    'x;" "=1+1;"',
    'x;\u00a0@SUM(A1)',
    'x;\u200b=1+1',
    'x,=1+1',
    'x,"=1+1',
    'x\t=1+1',
    'x\r\n=1+1',
    'x\n"-1',
    '"=1+1"',
    ' =1+1',
    '\t=1+1',
    '＝1+1',
    'x;＋1',
  ])('contains no cell that begins a formula, whatever separates the cells (%j)', (name) => {
    for (const separator of [',', ';', '\t']) expect(formulas(rowOf(name), separator)).toEqual([]);
  });

  it('contains no cell that begins a formula, whatever several names contain', () => {
    const name = fc.string({ unit: fc.constantFrom(...Array.from('x=+-@"\',; \t\r\n＝\u00a0\u200b')), maxLength: 12 });
    fc.assert(
      fc.property(name, name, fc.constantFrom(',', ';', '\t'), (first, second, separator) => {
        expect(
          formulas(
            csv([
              ['a', first, second],
              ['b', second, first],
            ]),
            separator,
          ),
        ).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['Example Corporation', 'Example Corporation'],
    ['A; B', 'A; B'],
    ['Rock-n-Roll + Co. (a=b) @home', 'Rock-n-Roll + Co. (a=b) @home'],
    ['株式会社サンプル', '株式会社サンプル'],
    ["O'Neill", "O'Neill"],
    ['Smith, Jones', '"Smith, Jones"'],
    ['The "best"', '"The ""best"""'],
  ])('contains the ordinary name %s unchanged, in quotes where RFC 4180 requires them', (name, field) => {
    expect(rowOf(name)).toBe(`rp_1,${field},3\r\ntotal,,3\r\n`);
  });
});
