/** What an e-mail says, the same in both parts. */
export interface Content {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** An e-mail to one address. */
export interface Message extends Content {
  readonly to: string;
  /** What comes back with what is later told of the e-mail: letters, digits, `_` and `-`. @default - nothing */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Sends e-mails: SES, or the outbox of the local service. */
export interface Mailer {
  /**
   * Sends an e-mail and gives the ID under which it was accepted. Throws `MailRejectedError` for one that would never be
   * accepted and `MailThrottledError` when there were too many; whatever else it throws may pass, as that does, and the
   * e-mail is tried again.
   */
  send(message: Message): Promise<string>;
}

/** The e-mail was refused for what it is, such as an address that cannot be one: trying again would not help. */
export class MailRejectedError extends Error {
  override readonly name = 'MailRejectedError';
}

/** More e-mails than are accepted at the moment, whatever they say: others would not be accepted either. */
export class MailThrottledError extends Error {
  override readonly name = 'MailThrottledError';
}
