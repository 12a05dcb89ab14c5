import { SECOND, type Clock } from './time.ts';

/**
 * Limits how often something happens, separately for each key, such as the ID of an API key. Each key has a bucket that
 * begins full, loses tokens when the thing happens, and fills up again at a constant rate. The buckets are in the
 * memory of one process. Other processes have buckets of their own, so these buckets limit no total over all processes.
 */
export interface TokenBuckets {
  /** Returns 0 while the bucket of `key` contains a token, and otherwise the whole seconds until it contains one. */
  readonly secondsToWait: (key: string) => number;
  /** Takes tokens from the bucket of `key`, even more than it contains; a later request then waits longer. */
  readonly take: (key: string, tokens: number) => void;
  /** Makes all buckets full. */
  readonly clear: () => void;
}

/** The maximum number of buckets that a process keeps. */
const MAX_BUCKETS = 1_000;

/**
 * Creates buckets that contain up to `capacity` tokens and get `perSecond` tokens each second. The process keeps the
 * 1,000 buckets that lost tokens most recently; any other bucket is full.
 */
export function createTokenBuckets(
  clock: Clock,
  { capacity, perSecond }: { readonly capacity: number; readonly perSecond: number },
): TokenBuckets {
  // A Map lists its keys in the order in which they were added, so its first key is the one that lost tokens longest
  // ago.
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>();
  const tokensIn = (key: string) => {
    const bucket = buckets.get(key);
    if (!bucket) return capacity;
    const filled = ((clock.now() - bucket.at) / SECOND) * perSecond;
    return Math.min(capacity, bucket.tokens + Math.max(0, filled));
  };
  return {
    secondsToWait: (key) => Math.max(0, Math.ceil((1 - tokensIn(key)) / perSecond)),
    take: (key, tokens) => {
      if (tokens <= 0) return;
      const left = tokensIn(key) - tokens;
      buckets.delete(key);
      buckets.set(key, { tokens: left, at: clock.now() });
      const [oldest] = buckets.keys();
      if (buckets.size > MAX_BUCKETS && oldest !== undefined) buckets.delete(oldest);
    },
    clear: () => {
      buckets.clear();
    },
  };
}
