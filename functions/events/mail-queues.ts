/**
 * The settings of the queues from which `send-mail` sends e-mails. There are two queues with the same settings: one for
 * e-mails with links, one for notices. Times are in seconds.
 */
export const mailQueues = {
  /** An invocation sends one e-mail, so that one e-mail that SES accepts slowly delays no other e-mail. */
  batchSize: 1,
  /**
   * The number of invocations that send e-mails of one queue at the same time. Lambda allows no lower number than 2.
   */
  workers: 2,
  /**
   * The time-out of an invocation. It is long enough for two calls of SES with 6 seconds each and for the pause after
   * the e-mail, which lasts 4 seconds if SES accepts one e-mail per second.
   */
  timeout: 30,
  /**
   * How long a message stays hidden after `send-mail` has received it. If the e-mail fails, `send-mail` tries again
   * after this time. A person may be waiting for a link, so this time is short.
   */
  visibilityTimeout: 60,
  /**
   * The number of times that `send-mail` receives a message before the message goes to the dead-letter queue. With one
   * attempt a minute, 360 attempts take 6 hours.
   */
  maxReceiveCount: 360,
} as const;

/**
 * Returns how long each worker pauses after it has sent an e-mail, in milliseconds, so that all workers of both queues
 * together send at most `emailsPerSecond` e-mails per second.
 */
export const pauseAfterSending = (emailsPerSecond: number): number =>
  (2 * mailQueues.workers * 1_000) / emailsPerSecond;
