import type { RpToDiscard } from '../functions/domain/remove-rp.ts';

/** The discarding queue on one machine: messages wait in memory for a moment. */
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
  const waiting = new Set<NodeJS.Timeout>();
  return {
    consume(given) {
      consumer = given;
    },
    discard(rp) {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        taken = taken.then(() => consumer(rp)).catch(() => this.discard(rp)); // delivered again, as SQS does
      }, DELAY);
      waiting.add(timer);
      return Promise.resolve();
    },
    async stop() {
      for (const timer of waiting) clearTimeout(timer);
      await taken;
    },
  };
}
