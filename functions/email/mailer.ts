/** What an e-mail says, the same in both parts. */
export interface Content {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** An e-mail to one address. */
export interface Message extends Content {
  readonly to: string;
}

/** Sends e-mails: SES, or the outbox of the local service. */
export interface Mailer {
  /**
   * Sends an e-mail and gives the ID under which it was accepted. Throws `MailRejectedError` for one that would never be
   * accepted; whatever else it throws may pass, and the e-mail is tried again.
   */
  send(message: Message): Promise<string>;
}

/** The e-mail was refused for what it is, such as an address that cannot be one: trying again would not help. */
export class MailRejectedError extends Error {
  override readonly name = 'MailRejectedError';
}
