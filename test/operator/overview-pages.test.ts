import { describe, expect, it } from 'vitest';
import type { Operator, OperatorResults } from '../../bin/operator/invoke-operator.ts';
import { table, widthOf } from '../../bin/operator/layout.ts';
import { moneyText } from '../../bin/operator/money-text.ts';
import { readOverview } from '../../bin/operator/read-overview.ts';
import { showOverview } from '../../bin/operator/show-overview.ts';

type Page = OperatorResults['read-overview'];
const page = (fees: Page['thisMonth']['fees'], nextCursor: string | null, fields: Partial<Page> = {}): Page => ({
  nextCursor,
  now: '2026-11-25T00:00:00Z',
  timeZone: 'Asia/Tokyo',
  thisMonth: { month: '2026-11', fees, customers: fees.length, open: 2 },
  lastMonth: { month: '2026-10', fees: [], customers: 0, open: 0 },
  customers: 2,
  states: { active: 1, leaving: 1 },
  plans: { free: 1, business: 1 },
  newThisMonth: 1,
  overMaximum: 0,
  expiring: 1,
  failedAlerts: { bounced: 1 },
  unreachableRepresentatives: 0,
  ...fields,
});
/** Returns an operator whose function returns the given pages, by cursor. The first page has the cursor `''`. */
const operatorOf = (pages: Record<string, Page>): Operator => ({
  run: (command) => Promise.resolve(pages['cursor' in command ? (command.cursor ?? '') : ''] as never),
  close: () => undefined,
});

describe('the pages of the overview', () => {
  it('are added together, with an exact sum for each currency', async () => {
    const overview = await readOverview(
      operatorOf({
        '': page([{ amount: '0.10', currency: 'USD' }], 'more'),
        more: page(
          [
            { amount: '1500', currency: 'JPY' },
            { amount: '123456789012.20', currency: 'USD' },
          ],
          null,
          { states: { active: 2 }, failedAlerts: { failed: 1, bounced: 2 }, unreachableRepresentatives: 3 },
        ),
      }),
    );
    expect(overview).not.toHaveProperty('nextCursor');
    expect(overview).toMatchObject({
      thisMonth: {
        fees: [
          { amount: '1500', currency: 'JPY' },
          { amount: '123456789012.30', currency: 'USD' },
        ],
        ...{ customers: 3, open: 4 },
      },
      customers: 4,
      states: { active: 3, leaving: 1 },
      failedAlerts: { failed: 1, bounced: 3 },
      unreachableRepresentatives: 3,
    });
    const text = showOverview(overview);
    expect(text).toMatch(/^ {2}2026-11 +so far +1,500 JPY +3\n {11}so far +123,456,789,012\.30 USD$/m);
    expect(text).toContain('time zone Asia/Tokyo');
  });

  it('are refused if a month ended between two of them', async () => {
    const thisMonth = { month: '2026-12', fees: [], customers: 0, open: 2 };
    const pages = { '': page([], 'more'), more: page([], null, { thisMonth }) };
    await expect(readOverview(operatorOf(pages))).rejects.toThrow('The month ended while the customers were counted');
  });
});

describe('the layout', () => {
  it.each([
    ['abc', 3],
    ['株式会社', 8],
    ['ＡＢＣ', 6],
    ['ｻﾝﾌﾟﾙ', 5],
    ['サーバー・プ', 12],
    ['한국', 4],
    ['é', 1],
    ['がが', 4],
    ['👩‍💻', 2],
  ])('shows %s in the right number of columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it('aligns amounts of money to the right, and cells without a value too', () => {
    expect(
      table(
        ['NAME', 'FEE'],
        [
          ['会社', '1,200.50 USD'],
          ['x', '-'],
        ],
      ).split('\n'),
    ).toEqual(['NAME           FEE', '会社  1,200.50 USD', 'x                -']);
    expect(moneyText({ amount: '1234567.5', currency: 'USD' })).toBe('1,234,567.5 USD');
    expect(moneyText({ amount: '100', currency: 'JPY' })).toBe('100 JPY');
  });
});
