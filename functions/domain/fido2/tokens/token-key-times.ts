import type { TokenKey } from '../../../table/token-keys.ts';
import { DAY, HOUR } from '../../time.ts';

/**
 * When the keys of an RP sign and are published. A process that finds the newest key due adds the next one, which is
 * published at once and signs a day later. So every token is signed with a key that verifiers have had time to read:
 *
 *     day 0                day 29                 day 30              an hour later
 *     key 1 signs ─────────┬──────────────────────┤ published ────────┤ gone
 *                          key 2 is published ────┤ signs ──────────────────────────
 *
 * A process remembers the keys for half an hour. Even without this limit, a process that remembers key 1 would find it
 * due by itself, and would read key 2 before key 2 signs.
 */

/** How long a key signs, in milliseconds, if the RP asks for tokens all the time. */
const SIGNS = 30 * DAY;
/**
 * How long a key is published before it signs, in milliseconds. It is longer than a verifier should use a key set
 * without reading it again.
 */
const PUBLISHED_BEFORE = DAY;
/**
 * How long a key stays published after the next key begins to sign, in milliseconds. Its last token is valid for 60
 * seconds, and the clocks of processes differ by a few minutes.
 */
const PUBLISHED_AFTER = HOUR;

type Times = Pick<TokenKey, 'signsFrom'>;

/** Returns whether the next key must be published at `now`. `keys` are in the order in which they sign. */
export const isDue = (keys: readonly Times[], now: number): boolean => {
  const newest = keys.at(-1);
  return newest === undefined || newest.signsFrom + SIGNS - PUBLISHED_BEFORE <= now;
};

/** Returns the time from which a key signs that is published at `now` and follows another key. */
export const signsFromIfPublished = (now: number): number => now + PUBLISHED_BEFORE;

/**
 * Returns the index of the key that signs at `now`: the last one that has begun to sign. Returns the first key if none
 * has, because the clock of the process that created it was ahead.
 */
export const indexOfSigner = (keys: readonly Times[], now: number): number =>
  Math.max(
    0,
    keys.findLastIndex(({ signsFrom }) => signsFrom <= now),
  );

/** Returns the keys that are published at `now`. */
export const publishedKeys = <Key extends Times>(keys: readonly Key[], now: number): Key[] =>
  keys.filter((_, index) => {
    const next = keys[index + 1];
    return next === undefined || next.signsFrom + PUBLISHED_AFTER > now;
  });
