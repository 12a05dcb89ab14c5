import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overageFee, overageMau } from '../../functions/domain/licenses/overage-fee.ts';

const feeOf = (amount: string, currency: string, overage: number) =>
  overageFee({ maxMau: 100, overageFeePerMau: { amount, currency } }, 100 + overage).amount;

describe('the overage', () => {
  it.each([
    [100, 0, 0],
    [100, 99, 0],
    [100, 100, 0],
    [100, 101, 1],
    [10_000, 10_412, 412],
  ])('for a maximum of %i MAU and an actual number of %i MAU is %i', (maxMau, mau, overage) => {
    expect(overageMau({ maxMau }, mau)).toBe(overage);
  });
});

describe('the overage fee', () => {
  it.each([
    ['0.05', 'USD', 412, '20.60'],
    ['0.05', 'USD', 0, '0.00'],
    ['0.05', 'USD', -100, '0.00'],
    ['5', 'USD', 3, '15.00'],
    // Binary fractions cannot represent these amounts exactly.
    ['0.1', 'USD', 3, '0.30'],
    ['1.005', 'USD', 1, '1.01'],
    // Half of the currency's smallest unit is rounded up, even if the preceding digit is even.
    ['0.005', 'USD', 1, '0.01'],
    ['0.0049', 'USD', 1, '0.00'],
    ['0.025', 'USD', 1, '0.03'],
    ['0.015', 'USD', 1, '0.02'],
    // Only the product is rounded, not the fee of each MAU.
    ['0.004', 'USD', 10, '0.04'],
    ['0.005', 'USD', 10, '0.05'],
    // Some currencies of ISO 4217 have no decimals, and others have three decimals.
    ['7', 'JPY', 412, '2884'],
    ['0.5', 'JPY', 1, '1'],
    ['0.4', 'JPY', 1, '0'],
    ['0.0005', 'KWD', 1, '0.001'],
    ['1', 'KWD', 2, '2.000'],
    ['999999.999999', 'USD', 9_007_199_254_740_891, '9007199254731883800745.26'],
    ['0.000001', 'USD', 9_007_199_254_740_891, '9007199254.74'],
  ])('at %s %s per MAU for an overage of %i MAU is %s', (amount, currency, overage, fee) => {
    expect(feeOf(amount, currency, overage)).toBe(fee);
  });

  it('is in the currency of the license', () => {
    expect(overageFee({ maxMau: 1, overageFeePerMau: { amount: '1', currency: 'EUR' } }, 2)).toEqual({
      amount: '1.00',
      currency: 'EUR',
    });
  });

  it('is the exact product of the overage and the fee per MAU, rounded half up', () => {
    const amounts = fc.stringMatching(/^\d{1,6}(\.\d{1,6})?$/);
    const decimals = { USD: 2n, JPY: 0n, KWD: 3n };
    const currencies = fc.constantFrom('USD' as const, 'JPY' as const, 'KWD' as const);
    fc.assert(
      fc.property(amounts, currencies, fc.nat({ max: Number.MAX_SAFE_INTEGER - 100 }), (amount, currency, overage) => {
        const [whole = '', fraction = ''] = amount.split('.');
        const millionths = BigInt(whole + fraction.padEnd(6, '0')) * BigInt(overage);
        const unit = 10n ** (6n - decimals[currency]);
        const rounded = (millionths + unit / 2n) / unit;
        const digits = rounded.toString().padStart(Number(decimals[currency]) + 1, '0');
        const point = digits.length - Number(decimals[currency]);
        const expected = [digits.slice(0, point), digits.slice(point)].filter((part) => part !== '').join('.');
        expect(feeOf(amount, currency, overage)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
