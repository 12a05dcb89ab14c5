/** What is between requests and whatever must not happen while one is under way. */
export interface Turnstile {
  /** Has a request go through, once nothing is being changed. */
  pass<T>(request: () => Promise<T>): Promise<T>;
  /** Changes something when the requests that are under way have ended; those that come meanwhile wait for it. */
  change(change: () => void): Promise<void>;
}

/**
 * Makes a turnstile for the service's clock. In AWS a request lasts 30 seconds, and a month is closed 5 minutes after it
 * takes no operations any more; here a clock that is moved could close it under a request that began before:
 *
 *     request begins on the 3rd ────────────────────────── its record is put
 *                          clock: the 5th    month-close: counts without it
 */
export function createTurnstile(): Turnstile {
  const underWay = new Set<Promise<unknown>>();
  let changes = Promise.resolve();
  return {
    async pass(request) {
      for (let seen; seen !== changes;) await (seen = changes);
      const answering = request();
      underWay.add(answering);
      try {
        return await answering;
      } finally {
        underWay.delete(answering);
      }
    },
    change(change) {
      changes = changes.then(() => Promise.allSettled(underWay)).then(change);
      return changes;
    },
  };
}
