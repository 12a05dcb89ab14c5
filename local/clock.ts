import type { Clock } from '../functions/domain/time.ts';

/** A clock that can be set, and then runs on from there. */
export interface SettableClock extends Clock {
  /** Sets it to a time in epoch milliseconds, or back to real time. */
  set(now: number | undefined): void;
}

/** Makes a clock that shows real time until it is set. Whoever remembers something for a time is told to forget it then. */
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
