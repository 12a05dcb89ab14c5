import { expect, it } from 'vitest';
import { formatMoney } from '../../web/src/text/format-money.ts';

it.each([
  ['en', '20.60', 'USD', '$20.60'],
  ['en', '0.005', 'USD', '$0.005'],
  ['en', '0.000001', 'USD', '$0.000001'],
  ['en', '9007199254740993.01', 'USD', '$9,007,199,254,740,993.01'],
  ['ja', '5', 'JPY', '￥5'],
  ['ja', '0.5', 'JPY', '￥0.5'],
])('an amount of money keeps its decimals (%s, %s %s)', (language, amount, currency, formatted) => {
  expect(formatMoney(language, { amount, currency })).toBe(formatted);
});
