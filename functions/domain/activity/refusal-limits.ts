import type { Services } from '../services.ts';
import type { Clock } from '../time.ts';
import { createTokenBuckets, type TokenBuckets } from '../token-buckets.ts';

export interface RefusalServices extends Services {
  /** Limits how many refusals a process stores, for each RP. The keys are the service's own IDs of RPs. */
  readonly refusalLimits: TokenBuckets;
}

/** Creates the limits of stored refusals: one refusal a second for each RP. */
export const newRefusalLimits = (clock: Clock): TokenBuckets =>
  createTokenBuckets(clock, { capacity: 1, perSecond: 1 });
