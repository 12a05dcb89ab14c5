import type { Clock } from '../functions/domain/time.ts';

/** A clock that can be set to any time, and then continues to run from this time. */
export interface SettableClock extends Clock {
  /** Sets the clock to a time in epoch milliseconds; undefined sets it back to real time. */
  set(now: number | undefined): void;
}

/**
 * Creates a clock that shows real time until somebody sets it. Each call of `set` also calls `forget`, so that caches
 * drop values whose expiry depends on the clock.
 */
export function createClock(forget: () => void = () => undefined): SettableClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    set: (now) => {
      ahead = now === undefined ? 0 : now - Date.now();
      forget();
    },
  };
}
