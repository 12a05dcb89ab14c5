import { readFile, rename, writeFile } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { Discard, ToDiscard } from '../../functions/domain/discarding.ts';

/** The discarding queue on one machine: what waits in it is kept in a file, so that it goes on after a restart. */
export interface DiscardingQueue {
  readonly discard: Discard;
  /** Sets what takes the messages, one at a time. */
  consume(consumer: (message: ToDiscard) => Promise<void>): void;
  /** Ends when no message is being taken; those that wait stay in the file. */
  stop(): Promise<void>;
}

/**
 * The longest that a message waits here, in milliseconds: longer than a request lasts. What waits for a later time looks
 * at the service's clock, which can be moved, and comes again until then.
 */
const LONGEST_DELAY = 500;
/** Between two tries of a message whose taking failed. */
const TRIED_AGAIN_AFTER = 500;

/** Opens the queue that is kept in a file, or in memory without one. */
export async function openDiscardingQueue(file?: string): Promise<DiscardingQueue> {
  let consumer: (message: ToDiscard) => Promise<void> = () => Promise.resolve();
  let stopped = false;
  const waiting = new Set<ToDiscard>();
  const timers = new Set<NodeJS.Timeout>();
  const oneAtATime = pLimit(1);
  const writing = pLimit(1);
  const kept = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  for (const message of JSON.parse(kept || '[]') as ToDiscard[]) add(message, LONGEST_DELAY);

  function add(message: ToDiscard, delay: number): void {
    waiting.add(message);
    const timer = setTimeout(() => {
      timers.delete(timer);
      void oneAtATime(() => take(message));
    }, delay);
    timers.add(timer);
  }

  async function take(message: ToDiscard): Promise<void> {
    if (stopped) return;
    try {
      await consumer(message);
      waiting.delete(message);
      await save();
    } catch {
      add(message, TRIED_AGAIN_AFTER); // delivered again, as SQS does
    }
  }

  /** Writes beside the file and takes its place: whoever reads it finds all of the one or all of the other. */
  function save(): Promise<void> {
    return writing(async () => {
      if (file === undefined) return;
      await writeFile(`${file}.new`, JSON.stringify([...waiting]));
      await rename(`${file}.new`, file);
    });
  }

  return {
    consume(given) {
      consumer = given;
    },
    async discard(messages, delay) {
      for (const message of messages) add(message, Math.min(delay, LONGEST_DELAY));
      await save();
    },
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await oneAtATime(() => Promise.resolve());
    },
  };
}
