/**
 * Returns a function that runs changes of one person's account one after the other, and of several people at the same
 * time. A change first reads the account, and then decides. Without this order, two changes could both read two
 * passkeys, and each remove one of them. This works within one process: several servers need a lock in the database.
 */
export function oneAtATime() {
  /** By user ID: a promise that is fulfilled when the person's last change has ended. */
  const ends = new Map<string, Promise<void>>();
  return async function run<T>(userId: string, change: () => Promise<T>): Promise<T> {
    const result = (ends.get(userId) ?? Promise.resolve()).then(change);
    const end = result.then(
      () => undefined,
      () => undefined,
    );
    ends.set(userId, end);
    try {
      return await result;
    } finally {
      if (ends.get(userId) === end) ends.delete(userId);
    }
  };
}
