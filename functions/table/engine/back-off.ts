/**
 * Returns how many milliseconds to wait before a retry. `retry` is 1 for the first retry. The full wait is twice
 * `first` before the first retry, and doubles with each later retry up to `longest`. Each full wait is shortened by a
 * random part, up to half of the wait, so that callers that conflicted do not conflict again. `random` returns a number
 * of at least 0 and below 1.
 */
export function backOff(
  retry: number,
  { first, longest }: { readonly first: number; readonly longest: number },
  random: () => number,
): number {
  return Math.min(first * 2 ** retry, longest) * (0.5 + random() / 2);
}
