import type { RpToDiscard } from '../functions/domain/remove-rp.ts';

/** The discarding queue on one machine: messages wait in memory for a moment, and are lost when the service ends. */
export interface DiscardingQueue {
  readonly discard: (rp: RpToDiscard) => Promise<void>;
  /** Sets what takes the messages, one at a time. */
  consume(consumer: (rp: RpToDiscard) => Promise<void>): void;
  /** Answers when no message waits or is taken. */
  stop(): Promise<void>;
}

/** Messages are delivered after this many milliseconds: longer than a request here lasts. */
const DELAY = 500;

export function createDiscardingQueue(): DiscardingQueue {
  let consumer: (rp: RpToDiscard) => Promise<void> = () => Promise.resolve();
  let taken: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const waiting = new Set<NodeJS.Timeout>();

  function discard(rp: RpToDiscard): Promise<void> {
    if (stopped) return Promise.resolve();
    const timer = setTimeout(() => {
      waiting.delete(timer);
      taken = taken.then(() => consumer(rp)).catch(() => discard(rp)); // delivered again, as SQS does
    }, DELAY);
    waiting.add(timer);
    return Promise.resolve();
  }

  return {
    consume(given) {
      consumer = given;
    },
    discard,
    async stop() {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
      await taken;
    },
  };
}
