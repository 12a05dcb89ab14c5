/** The content of an e-mail. The text part and the HTML part say the same. */
export interface Content {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** An e-mail to one address. */
export interface Message extends Content {
  readonly to: string;
  /** Labels that SES returns with later events about the e-mail. Labels may contain letters, digits, `_` and `-`. @default - none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Sends e-mails, through SES or into the outbox of the local service. */
export interface Mailer {
  /**
   * Sends an e-mail, and returns the message ID of the accepted e-mail. Throws `MailRejectedError` if this e-mail can
   * never be accepted, and `MailThrottledError` if the sending rate is exceeded. Every error except `MailRejectedError`
   * may be temporary, so the caller sends the e-mail again.
   */
  send(message: Message): Promise<string>;
}

/**
 * The error for an e-mail that can never be sent, for example because the address is malformed. Retrying does not help.
 */
export class MailRejectedError extends Error {
  override readonly name = 'MailRejectedError';
}

/** The error for an exceeded sending rate. SES accepts no e-mail until the sending rate falls. */
export class MailThrottledError extends Error {
  override readonly name = 'MailThrottledError';
}
