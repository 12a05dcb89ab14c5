import { readFile, rename, writeFile } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { Discard, ToDiscard } from '../../functions/domain/discarding.ts';

/**
 * The local replacement for the SQS queue of messages that say which data to discard. A file stores the waiting
 * messages, so that a restart does not lose messages.
 */
export interface DiscardingQueue {
  readonly discard: Discard;
  /** Sets the function that handles the messages, one at a time. */
  consume(consumer: (message: ToDiscard) => Promise<void>): void;
  /** Stops the queue, and resolves when the current message is handled. Waiting messages stay in the file. */
  stop(): Promise<void>;
}

/**
 * The maximum delay of a message in the local service, in milliseconds. This delay is longer than a local request
 * takes, so a message with this delay arrives after the end of the request that sent it. Some data must not be
 * discarded before a certain time. If the service's clock does not yet show this time, the consumer sends the message
 * to the queue once more. The delay is short, so that the consumer soon reads the new time after a developer has set
 * the clock forward.
 */
const LONGEST_DELAY = 500;
/** How long a failed message waits before the next attempt, in milliseconds. */
const TRIED_AGAIN_AFTER = 500;

/**
 * Opens the discarding queue. `file` is the path of the file that stores the messages. @default - the queue stores
 * messages only in memory
 */
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
      add(message, TRIED_AGAIN_AFTER); // the queue delivers the message again, as SQS does
    }
  }

  /**
   * Writes a new file and renames it, so that a reader sees either all of the old content or all of the new content.
   */
  function save(): Promise<void> {
    return writing(async () => {
      if (file === undefined) return;
      await writeFile(`${file}.new`, JSON.stringify([...waiting]), { mode: 0o600 });
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
