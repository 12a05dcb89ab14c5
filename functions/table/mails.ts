import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Link, Replaced } from './signing-in/links.ts';
import { mailFinder, mailKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { readItem, type KeyOf } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import type { ItemCounts } from './customers/customers.ts';

/**
 * An e-mail with a link to activate an account or to sign in. The service sends the e-mail only if an administrator
 * owns or claims the address at the time of sending. The service creates the token of the link only when it sends the
 * e-mail, so that the stored e-mail does not contain the token.
 */
interface SignInMail {
  readonly template: 'activation' | 'sign-in';
  readonly to: string;
}
/**
 * An e-mail that invites an administrator. If the address belongs to an administrator of another customer at the time
 * of sending, the e-mail contains no link, and explains why the person cannot accept the invitation.
 */
interface InvitationMail {
  readonly template: 'invitation';
  readonly to: string;
  readonly customerId: string;
  readonly administratorId: string;
}
/** An e-mail with a link that confirms a new e-mail address. */
interface EmailConfirmationMail {
  readonly template: 'email-confirmation';
  readonly to: string;
  readonly administratorId: string;
  readonly replaces: Replaced;
}
/**
 * An e-mail that announces a customer's new representative. The recipient is the old representative, the new
 * representative or the administrator who made the change.
 */
interface RepresentativeChangedMail {
  readonly template: 'representative-changed';
  readonly to: string;
  readonly customerName: string;
  readonly oldName: string;
  readonly newName: string;
  readonly changedBy: string;
}
/** An e-mail to the old e-mail address of an administrator. It says that a new address has replaced the old address. */
interface EmailChangedMail {
  readonly template: 'email-changed';
  readonly to: string;
  readonly name: string;
  readonly newEmail: string;
  /**
   * Whether the administrator is the customer's representative. An administrator whose address was changed by another
   * person should tell the representative, who can then remove this administrator's account. Nobody can remove the
   * representative, so the e-mail tells a representative to write to the operator.
   */
  readonly isRepresentative: boolean;
}
/**
 * An e-mail that tells an administrator that a passkey was added to the administrator's account. If an administrator
 * other than the representative had signed in with a recovery link (a sign-in link that is used although the
 * administrator already has a passkey), a second e-mail tells the representative about the passkey.
 */
interface PasskeyAddedMail {
  readonly template: 'passkey-added';
  readonly to: string;
  readonly customerName: string;
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** Whether the administrator had signed in with a recovery link when the passkey was added. */
  readonly byLink: boolean;
  /**
   * Whether the e-mail goes to the administrator who owns the passkey. If `isOwn` is false, the e-mail goes to the
   * representative.
   */
  readonly isOwn: boolean;
  /** Whether the administrator who owns the passkey is the customer's representative. */
  readonly isRepresentatives: boolean;
}

/** An e-mail that confirms that the service has deleted a customer's data. */
interface UnsubscribedMail {
  readonly template: 'unsubscribed';
  readonly to: string;
  readonly customerName: string;
  readonly discarded: ItemCounts;
}

/**
 * An e-mail to be sent. The item stays in the table until SES has accepted the e-mail, or until the service decides not
 * to send the e-mail.
 */
export type Mail = {
  readonly mailId: string;
  /**
   * The customer that the e-mail belongs to; undefined when a person who was not signed in requested the e-mail by
   * entering an address.
   */
  readonly customerId?: string | undefined;
} & (
  | SignInMail
  | InvitationMail
  | EmailConfirmationMail
  | RepresentativeChangedMail
  | EmailChangedMail
  | PasskeyAddedMail
  | UnsubscribedMail
);
export type LinkTemplate = Link['purpose'];

/** Returns the key of an e-mail. */
export const mailAt = (mailId: string): KeyOf<Mail> => mailKey(mailId);

const item = (mail: Mail, ttl: number) => ({
  ...mailAt(mail.mailId),
  ...(mail.customerId !== undefined && mailFinder(mail.customerId, mail.mailId)),
  ...mail,
  ttl,
});

/**
 * Stores an e-mail to be sent. This write belongs in one transaction with the change that causes the e-mail, so that
 * DynamoDB stores the change and the e-mail together or not at all.
 */
export function putMailWith(mail: Mail, ttl: number): Write<Mail> {
  return { Put: { Item: item(mail, ttl) } };
}

/** Stores an e-mail to be sent. Unlike `putMailWith`, this function writes at once, outside a transaction. */
export async function putMail(table: Table, mail: Mail, ttl: number): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: item(mail, ttl) }));
}

/**
 * Reads an e-mail to be sent, with a strongly consistent read. Returns undefined once the e-mail is deleted, by
 * `deleteMail` or together with the customer's data.
 */
export function readMail(table: Table, mailId: string) {
  return readItem<Mail>(table, mailAt(mailId), 'strong');
}

/**
 * Deletes an e-mail that SES has accepted or that the service will not send. If the process dies after SES accepts the
 * e-mail and before this write, the service sends the e-mail a second time.
 */
export async function deleteMail(table: Table, mailId: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: mailAt(mailId) }));
}
