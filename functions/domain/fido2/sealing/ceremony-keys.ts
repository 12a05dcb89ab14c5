import { hkdfSync } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { DAY } from '../../time.ts';

/** The values from which the key of a ceremony is derived. */
export interface KeySource {
  /** A secret of the stage. */
  readonly secret: Uint8Array;
  /** The service's own ID of the RP. */
  readonly rpRef: string;
  /** The day on which the ceremony began. */
  readonly day: number;
}

/** Returns the day of a time (epoch milliseconds), in days since 1970. */
export const dayOf = (time: number): number => Math.floor(time / DAY);

/**
 * The first and the last day, counted from today, on which a ceremony may have begun that is accepted or repeated
 * today: a conditional sign-in lasts 24 hours, its answer can be repeated for 15 minutes more, and the clocks of
 * processes differ.
 */
const LIVE_DAYS = { first: -2, last: 1 };

/**
 * Returns a function that returns the key of a ceremony, and undefined if no ceremony can have begun on the day yet.
 * `today` is the day of the request. The function remembers the keys of the days whose ceremonies may still be
 * accepted. Anybody can write any day into a text, so the key of an older day is derived for one request only, and
 * displaces no other.
 */
export function rememberedKeys(derive: (source: KeySource) => Uint8Array) {
  const keys = new LRUCache<string, Uint8Array>({ max: 2_000 });
  return (source: KeySource, today: number): Uint8Array | undefined => {
    const { secret, rpRef, day } = source;
    if (day > today + LIVE_DAYS.last) return undefined;
    const name = `${Buffer.from(secret.subarray(0, 8)).toString('base64url')} ${rpRef} ${day}`;
    const known = keys.get(name);
    if (known) return known;
    const key = derive(source);
    if (day >= today + LIVE_DAYS.first) keys.set(name, key);
    return key;
  };
}

/** The format of sealed ceremonies. Each format has other keys. */
export const FORMAT = 1;

/** Returns the key of a ceremony, as `rememberedKeys` says. Deriving a key takes about 15 µs. */
export const keyOf = rememberedKeys(
  ({ secret, rpRef, day }) => new Uint8Array(hkdfSync('sha256', secret, '', `ceremony ${FORMAT} ${rpRef} ${day}`, 32)),
);
