/** The content of an e-mail. The text part (`text`) and the HTML part (`html`) have the same content. */
export interface Content {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** An e-mail to one address. */
export interface Message extends Content {
  readonly to: string;
  /**
   * Labels that SES includes in later events about the e-mail, such as bounces. Labels may contain letters, digits, `_`
   * and `-`.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Sends e-mails through SES or, in the local service that developers run, into an outbox. */
export interface Mailer {
  /**
   * Sends an e-mail and returns the e-mail's message ID. Throws `MailRejectedError` if SES will never accept this
   * e-mail, and `MailThrottledError` if the service exceeds the sending rate that SES allows. Every error except
   * `MailRejectedError` may be temporary, so after such an error the calling function tries to send the e-mail again.
   */
  send(message: Message): Promise<string>;
}

/**
 * The error for an e-mail that can never be sent, for example because the address is malformed. Retrying does not help.
 */
export class MailRejectedError extends Error {
  override readonly name = 'MailRejectedError';
}

/**
 * The error for an e-mail that SES refuses because the service sends too many e-mails per second. SES accepts no e-mail
 * until the service sends fewer e-mails per second.
 */
export class MailThrottledError extends Error {
  override readonly name = 'MailThrottledError';
}
