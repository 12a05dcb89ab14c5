import { createHash } from 'node:crypto';
import { DAY, MINUTE } from '../../domain/time.ts';
import { isUnset } from '../engine/conditions.ts';
import type { UpdateParts } from '../engine/update-parts.ts';

/**
 * The ceremonies that an item has accepted, so that the service accepts each ceremony at most once. A credential keeps
 * its authentications, and the handle item of a user keeps the user's registrations.
 *
 * Each ceremony has an entry in `used`, until 15 minutes after its end. The clocks of two processes may differ, and a
 * process whose clock is behind still accepts the ceremony after its end. If an item would have more than 64 entries,
 * the service drops the ceremony that began first, and raises `usedFloor` to the time at which it began: no ceremony
 * that began at this time or earlier is accepted any more. The floor never falls. An update may add an entry while
 * another update, which has not read this entry, raises the floor above it.
 */
export interface UsedChallenges {
  /** The key is a hash of the challenge of the ceremony. `entryOf` and `useIn` convert the value. */
  readonly used: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly usedFloor: number;
}
export const NO_USED_CHALLENGES: UsedChallenges = { used: {}, usedFloor: 0 };

/** The use of a ceremony. All times are epoch milliseconds. */
export interface Use {
  /** The time at which the ceremony began. */
  readonly begin: number;
  /** The time at which the ceremony ends. */
  readonly end: number;
  /** The time at which the service received the request whose response it accepted. */
  readonly usedAt: number;
  /** Identifies the request, so that a repetition of the request recognizes its own use. Must not contain a dot. */
  readonly attempt: string;
  /** Whether this use counted the user as an active user of the month. */
  readonly counted: boolean;
}

/** How long after its end an entry stays, in milliseconds. */
const KEPT_AFTER_END = 15 * MINUTE;
/** The longest time that a ceremony lasts, in milliseconds: that of a conditional sign-in. */
const LONGEST_CEREMONY = DAY + MINUTE;
/** The number of entries beyond which an update drops some. Concurrent updates may leave more. */
const MAX_ENTRIES = 64;
/**
 * How many entries an update drops at most, of those that are over and of those that began first. DynamoDB allows 4 KB
 * for an expression. After many concurrent updates, several later updates drop the rest.
 */
const MAX_REMOVALS = 64;

/** Returns the key of a challenge (base64url) in `used`: 96 bits of its SHA-256, because the item should stay small. */
const challengeHashOf = (challenge: string): string =>
  createHash('sha256').update(challenge).digest().subarray(0, 12).toString('base64url');

/** Returns the entry of a use. Times are in base 36, because the item should stay small. */
const entryOf = ({ begin, end, usedAt, attempt, counted }: Use): string =>
  [begin.toString(36), (end - begin).toString(36), (usedAt - begin).toString(36), counted ? 'c' : 'a', attempt].join(
    '.',
  );

/** Returns the use that an entry contains. */
function useIn(entry: string): Use {
  const [begin = '', lasts = '', after = '', counted, attempt = ''] = entry.split('.');
  const beganAt = parseInt(begin, 36);
  return {
    begin: beganAt,
    end: beganAt + parseInt(lasts, 36),
    usedAt: beganAt + parseInt(after, 36),
    counted: counted === 'c',
    attempt,
  };
}

/**
 * Returns the use of a challenge that an item has accepted, or undefined if the item has no entry for the challenge.
 */
export function findUse({ used }: UsedChallenges, challenge: string): Use | undefined {
  const entry = used[challengeHashOf(challenge)];
  return entry === undefined ? undefined : useIn(entry);
}

/**
 * Returns used challenges that refuse every ceremony that has begun by now, whether it was used or not. `now` is in
 * epoch milliseconds. The clock of the process that began a ceremony may be ahead, so the floor is too.
 */
export const everyUseUntil = (now: number): UsedChallenges => ({ used: {}, usedFloor: now + KEPT_AFTER_END });

/**
 * Returns the time until which the used challenges of a removed item must be kept, or undefined when none must be kept
 * at `now`. The floor stands for ceremonies that the item has dropped before their end.
 */
export function keptUntil({ used, usedFloor }: UsedChallenges, now: number): number | undefined {
  const ends = [...Object.values(used).map((entry) => useIn(entry).end), usedFloor + LONGEST_CEREMONY];
  const until = ends.map((end) => end + KEPT_AFTER_END).filter((end) => end > now);
  return until.length === 0 ? undefined : Math.max(...until);
}

/**
 * Returns the part of an update that records the use of a challenge. The update fails if the item has already accepted
 * the challenge, if the ceremony did not begin after the item's floor, or if another update has raised the floor above
 * the one that this update would set. `read` is the item, from any earlier read: entries that another request has added
 * since then stay.
 */
export function recordUse(read: UsedChallenges, challenge: string, use: Use, now: number): UpdateParts {
  const stored = Object.entries(read.used).map(([hash, entry]) => ({ hash, ...useIn(entry) }));
  const over = stored.filter(({ end }) => end + KEPT_AFTER_END < now).slice(0, MAX_REMOVALS);
  const added = { hash: challengeHashOf(challenge), ...use };
  const live = [...stored.filter((entry) => !over.includes(entry)), added].sort((a, b) => a.begin - b.begin);
  const evicted = live.slice(0, Math.min(Math.max(0, live.length - MAX_ENTRIES), MAX_REMOVALS));
  const last = evicted.at(-1);
  // An update that had not read an entry may have raised the floor above it, so the floor can be higher already.
  const floor = last && Math.max(last.begin, read.usedFloor);
  const removed = [...over, ...evicted].filter((entry) => entry !== added);
  const isAdded = !evicted.includes(added);
  return {
    set: [...(isAdded ? ['used.#use = :use'] : []), ...(floor === undefined ? [] : ['usedFloor = :floor'])],
    remove: removed.map((_, index) => `used.#over${index}`),
    conditions: [isUnset('used.#use'), 'usedFloor < :begin', ...(floor === undefined ? [] : ['usedFloor <= :floor'])],
    names: {
      '#use': added.hash,
      ...Object.fromEntries(removed.map(({ hash }, index) => [`#over${index}`, hash])),
    },
    values: {
      ':begin': use.begin,
      ...(isAdded && { ':use': entryOf(use) }),
      ...(floor !== undefined && { ':floor': floor }),
    },
  };
}

/** Returns the attributes of a new item whose only use so far is the given one. */
export const firstUse = (challenge: string, use: Use): UsedChallenges => ({
  used: { [challengeHashOf(challenge)]: entryOf(use) },
  usedFloor: 0,
});
