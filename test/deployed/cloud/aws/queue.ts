import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../../../functions/domain/time.ts';
import type { Assembly } from '../assembly.ts';

/** A message that a consumer has received. It stays hidden from other consumers until it is released. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly receives: number;
  /** The time at which the message was sent, in epoch milliseconds. */
  readonly sentAt: number;
}

/** A standard queue of SQS. */
export interface Queue {
  readonly logicalId: string;
  readonly url: string;
  readonly arn: string;
  /** Sends a message, with a delay in seconds. Returns the ID of the message. */
  send(body: string, delay?: number): string;
  /**
   * Receives up to `most` visible messages, and also those with a delay if `isImpatient`. Moves messages that were
   * received too often to the dead-letter queue.
   */
  receive(most: number, isImpatient?: boolean): Received[];
  delete(id: string): void;
  /** Ends the processing of a received message that failed. The rest of its visibility time-out begins. */
  release(id: string): void;
  /** The bodies of all messages in the queue, oldest first. */
  bodies(): string[];
  /** The IDs of all messages in the queue. */
  ids(): string[];
  /** Calls `listener` whenever a message may have become visible. */
  onChange(listener: () => void): void;
  stop(): void;
}

const properties = z.strictObject({
  QueueName: z.string().optional(),
  DelaySeconds: z.literal(0).optional(),
  MessageRetentionPeriod: z.int().default(4 * 24 * 60 * 60),
  VisibilityTimeout: z.int().default(30),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.int() }).optional(),
});

/**
 * The longest real time, in milliseconds, that a message stays hidden. SQS measures delays and visibility time-outs
 * with the time of the tests' clock, which rarely moves by itself, so without this limit a test would have to move it.
 */
const LONGEST_WAIT = 500;

/**
 * Creates the queues of an assembly. They measure delays, visibility and retention by `clock`, because the tests move
 * the time by hours and months. An emulator of SQS measures them by the machine's clock.
 */
export function createQueues(assembly: Assembly, clock: Clock): Queue[] {
  const queues = new Map<string, Queue>();
  for (const { ref, attributes, properties: given, logicalId } of assembly.ofType('AWS::SQS::Queue')) {
    const read = properties.safeParse(given);
    if (read.error) throw new Error(`Cannot read the queue ${logicalId}.\n${z.prettifyError(read.error)}`);
    const arn = String(attributes['Arn']);
    const dead = (policyArn: string) => {
      const target = queues.get(policyArn);
      if (!target) throw new Error(`The dead-letter queue ${policyArn} of ${logicalId} does not exist.`);
      return target;
    };
    queues.set(arn, createQueue({ logicalId, url: ref, arn, ...read.data }, clock, dead));
  }
  return [...queues.values()];
}

interface Waiting extends Received {
  receives: number;
  isInFlight: boolean;
  /** Until when the message is hidden: by the tests' clock, and by the machine's clock. */
  hiddenUntil: { clock: number; machine: number };
}

function createQueue(
  {
    logicalId,
    url,
    arn,
    MessageRetentionPeriod,
    VisibilityTimeout,
    RedrivePolicy,
  }: z.output<typeof properties> & Pick<Queue, 'logicalId' | 'url' | 'arn'>,
  clock: Clock,
  deadLetterQueue: (arn: string) => Queue,
): Queue {
  const messages = new Map<string, Waiting>();
  const listeners: (() => void)[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  /** Hides a message for some milliseconds, and tells the listeners when it is visible again. */
  function hide(milliseconds: number): Waiting['hiddenUntil'] {
    const wait = Math.min(milliseconds, LONGEST_WAIT);
    const timer = setTimeout(() => {
      timers.delete(timer);
      changed();
    }, wait);
    timers.add(timer);
    return { clock: clock.now() + milliseconds, machine: performance.now() + wait };
  }
  const isHidden = ({ hiddenUntil: { clock: time, machine } }: Waiting) =>
    clock.now() < time && performance.now() + 1 < machine;

  return {
    logicalId,
    url,
    arn,
    send(body, delay = 0) {
      const id = randomUUID();
      messages.set(id, {
        id,
        body,
        receives: 0,
        isInFlight: false,
        sentAt: clock.now(),
        hiddenUntil: hide(delay * 1_000),
      });
      return id;
    },
    receive(most, isImpatient = false) {
      const received: Received[] = [];
      for (const message of messages.values()) {
        if (received.length === most) break;
        if (message.isInFlight) continue;
        if (clock.now() - message.sentAt > MessageRetentionPeriod * 1_000) messages.delete(message.id);
        else if (isImpatient ? message.receives === 0 || !isHidden(message) : !isHidden(message)) {
          if (RedrivePolicy && message.receives >= RedrivePolicy.maxReceiveCount) {
            messages.delete(message.id);
            deadLetterQueue(RedrivePolicy.deadLetterTargetArn).send(message.body);
          } else {
            message.receives += 1;
            message.isInFlight = true;
            received.push({ ...message });
          }
        }
      }
      return received;
    },
    delete: (id) => void messages.delete(id),
    release: (id) => {
      const message = messages.get(id);
      if (message) Object.assign(message, { isInFlight: false, hiddenUntil: hide(VisibilityTimeout * 1_000) });
    },
    bodies: () => [...messages.values()].map(({ body }) => body),
    ids: () => [...messages.keys()],
    onChange: (listener) => void listeners.push(listener),
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
