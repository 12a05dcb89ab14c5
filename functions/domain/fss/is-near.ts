import { MINUTE } from '../time.ts';

/** How far the time of a signed call, or of its nonce, may be from the time of the service, in milliseconds. */
const NEAR = 2 * MINUTE;

/** Returns whether a time of a signed call is at most 2 minutes before or after `now`. Both are epoch milliseconds. */
export const isNear = (time: number, now: number): boolean => Math.abs(now - time) <= NEAR;
