/** The settings of the queue from which `deliver-webhooks` delivers events to webhooks. Times are in seconds. */
export const webhookQueue = {
  /** An invocation makes one attempt, so that one slow receiver delays no other event. */
  batchSize: 1,
  /** The number of invocations that deliver events at the same time. Lambda allows no lower number than 2. */
  workers: 2,
  /**
   * The time-out of an invocation. It is long enough for a request of 10 seconds, for three attempts to read the
   * stage's secret and for a few calls to the table and the queue.
   */
  timeout: 30,
  /** How long a message stays hidden after `deliver-webhooks` has received it. */
  visibilityTimeout: 60,
  /**
   * The number of times that `deliver-webhooks` receives a message before the message goes to the dead-letter queue.
   * With one attempt a minute, 360 attempts take 6 hours. An event that waits for its next attempt is a new message, so
   * this number limits only faults of the service itself.
   */
  maxReceiveCount: 360,
} as const;
