/** Prevents a change, such as setting the clock, from happening during a request. */
export interface Turnstile {
  /** Runs a request as soon as no change is waiting or running. */
  pass<T>(request: () => Promise<T>): Promise<T>;
  /** Runs a change after the current requests end. New requests wait until the change is done. */
  change(change: () => void): Promise<void>;
}

/**
 * Creates a turnstile for the service's clock. In AWS, a month closes 5 minutes after the service has stopped accepting
 * operations of the month. A request lasts at most 30 seconds, so every request whose operations were accepted ends
 * before the month closes. In the local service, setting the clock could close a month during a request that began
 * earlier:
 *
 *     request begins on the 3rd ────────────────────────── its record is put
 *                          clock: the 5th    the month closes without the record
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
