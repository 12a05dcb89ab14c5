/**
 * Returns how many milliseconds to wait before a retry, the first one being 1. The wait doubles with each retry up to
 * `longest`, and the upper half of it is left to chance: callers that met do not meet again. `random` returns a number of at
 * least 0 and below 1.
 */
export function backOff(
  retry: number,
  { first, longest }: { readonly first: number; readonly longest: number },
  random: () => number,
): number {
  return Math.min(first * 2 ** retry, longest) * (0.5 + random() / 2);
}
