import { expect, it } from 'vitest';
import { countInWords, monthInWords, timeInWords } from '../../functions/email/in-words.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1_234_567, '1,234,567'],
])('countInWords writes %i as %s', (number, words) => {
  expect(countInWords(number).text).toBe(words);
});

it.each([
  ['2026-01', 'January 2026'],
  ['2026-11', 'November 2026'],
  ['2027-12', 'December 2027'],
])('monthInWords writes the month %s as %s', (month, words) => {
  expect(monthInWords(month, 'en').text).toBe(words);
});

it.each([
  ['2026-12-01T00:00:00Z', 'UTC', '1 December 2026, 00:00 (UTC)'],
  ['2026-11-30T15:00:00Z', 'Asia/Tokyo', '1 December 2026, 00:00 (Asia/Tokyo)'],
  ['2026-07-01T21:59:59.999Z', 'Europe/Berlin', '1 July 2026, 23:59 (Europe/Berlin)'],
])('timeInWords writes %s as the local time in %s', (time, timeZone, words) => {
  expect(timeInWords(Date.parse(time), timeZone, 'en').text).toBe(words);
});

it('formats months and times in Japanese', () => {
  expect(monthInWords('2026-11', 'ja').text).toBe('2026年11月');
  expect(timeInWords(Date.parse('2026-11-30T15:00:00Z'), 'Asia/Tokyo', 'ja').text).toBe(
    '2026年12月1日 0:00（Asia/Tokyo）',
  );
});
