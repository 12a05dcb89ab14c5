/** The content of an e-mail. The text and the HTML say the same. */
export interface Content {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** An e-mail to one address. */
export interface Message extends Content {
  readonly to: string;
  /** Labels that SES returns with later events about the e-mail. Letters, digits, `_` and `-`. @default - none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Sends e-mails, through SES or into the outbox of the local service. */
export interface Mailer {
  /**
   * Sends an e-mail and returns the ID that it was accepted under. Throws `MailRejectedError` if this e-mail can never
   * be accepted, and `MailThrottledError` if too many e-mails were sent. Every error except `MailRejectedError` may be
   * temporary, so the caller retries.
   */
  send(message: Message): Promise<string>;
}

/** This e-mail can never be sent, for example because the address is malformed. Retrying does not help. */
export class MailRejectedError extends Error {
  override readonly name = 'MailRejectedError';
}

/** The sending rate is exceeded. No other e-mail would be accepted at the moment either. */
export class MailThrottledError extends Error {
  override readonly name = 'MailThrottledError';
}
