import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';

/** The local replacement for an SQS queue. */
export interface Queue<Message> {
  /**
   * Sends messages. The queue delivers a message after `delay` milliseconds, or after half a second if `delay` is
   * longer.
   */
  readonly send: (messages: readonly Message[], delay: number) => Promise<void>;
  /** Sets the function that handles the messages, one at a time. */
  consume(consumer: (message: Message) => Promise<unknown>): void;
  /**
   * Delivers every message that waits at the time of the call, even if the message's delay is not over. Resolves when
   * the consumer has handled these messages. Throws an error after 20 failures of the consumer.
   */
  drain(): Promise<void>;
  /** Stops the queue, and resolves when the current message is handled. Waiting messages stay in the file. */
  stop(): Promise<void>;
}

/**
 * The maximum delay of a message in the local service, in milliseconds. This delay is longer than a local request
 * takes, so a message with this delay arrives after the end of the request that sent it. Some messages must not be
 * handled before a certain time. If the service's clock does not yet show this time, the consumer sends the message to
 * the queue once more. The delay is short, so that the consumer soon reads the new time after a developer has set the
 * clock forward.
 */
const LONGEST_DELAY = 500;
/** How long a failed message waits before the next attempt, in milliseconds. */
const TRIED_AGAIN_AFTER = 500;
const DRAIN_TRIES = 20;

/** A message that waits to be handled. `timer` delivers the message when its delay is over. */
interface Waiting<Message> {
  readonly message: Message;
  timer?: NodeJS.Timeout;
}

/**
 * Opens a queue. `file` is the path of the file that stores the messages, so that a restart does not lose messages.
 * @default - the queue stores messages only in memory
 */
export async function openQueue<Message>(file?: string): Promise<Queue<Message>> {
  let consumer: (message: Message) => Promise<unknown> = () => Promise.resolve();
  let stopped = false;
  const waiting = new Set<Waiting<Message>>();
  const oneAtATime = pLimit(1);
  const writing = pLimit(1);
  const kept = file === undefined ? '' : await readFile(file, 'utf8').catch(() => '');
  for (const message of JSON.parse(kept || '[]') as Message[]) add(message, LONGEST_DELAY);

  function add(message: Message, delay: number): void {
    const entry: Waiting<Message> = { message };
    waiting.add(entry);
    deliverLater(entry, delay);
  }

  function deliverLater(entry: Waiting<Message>, delay: number): void {
    entry.timer = setTimeout(() => {
      void deliver(entry);
    }, delay);
  }

  /** Delivers a message to the consumer. Returns whether the message is handled. */
  function deliver(entry: Waiting<Message>): Promise<boolean> {
    clearTimeout(entry.timer);
    return oneAtATime(async () => {
      // After `drain` was called, another delivery may already have handled the message.
      if (stopped || !waiting.has(entry)) return true;
      try {
        await consumer(entry.message);
        waiting.delete(entry);
        await save();
        return true;
      } catch {
        deliverLater(entry, TRIED_AGAIN_AFTER); // the queue delivers the message again, as SQS does
        return false;
      }
    });
  }

  /**
   * Writes a new file and renames it, so that a reader sees either all of the old content or all of the new content.
   */
  function save(): Promise<void> {
    return writing(async () => {
      if (file === undefined) return;
      await writeFile(`${file}.new`, JSON.stringify([...waiting].map(({ message }) => message)), {
        mode: 0o600,
      });
      await rename(`${file}.new`, file);
    });
  }

  return {
    consume(given) {
      consumer = given;
    },
    async send(messages, delay) {
      for (const message of messages) add(message, Math.min(delay, LONGEST_DELAY));
      await save();
    },
    async drain() {
      let entries = [...waiting];
      for (let tries = 1; entries.length > 0; tries += 1) {
        const handled = await Promise.all(entries.map(deliver));
        entries = entries.filter((_, index) => handled[index] === false);
        if (entries.length === 0) return;
        if (tries === DRAIN_TRIES) throw new Error('The consumer of the queue keeps failing.');
        await sleep(TRIED_AGAIN_AFTER);
      }
    },
    async stop() {
      stopped = true;
      for (const { timer } of waiting) clearTimeout(timer);
      await oneAtATime(() => Promise.resolve());
    },
  };
}
