import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Link, Replaced } from './signing-in/links.ts';
import { mailFinder, mailKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { readItem, type KeyOf } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import type { ItemCounts } from './customers/customers.ts';

/**
 * Sends a link, provided that the address belongs to somebody when the e-mail is sent. The token is created only at
 * that time, so that this item does not store it.
 */
interface SignInMail {
  readonly template: 'activation' | 'sign-in';
  readonly to: string;
}
/** Sends a link that confirms a new address. */
interface EmailConfirmationMail {
  readonly template: 'email-confirmation';
  readonly to: string;
  readonly administratorId: string;
  readonly replaces: Replaced;
}
/** Announces a new representative to the old representative, the new one and the person who made the change. */
interface RepresentativeChangedMail {
  readonly template: 'representative-changed';
  readonly to: string;
  readonly customerName: string;
  readonly oldName: string;
  readonly newName: string;
  readonly changedBy: string;
}
/** Tells the old address of an administrator that a new address replaced it. */
interface EmailChangedMail {
  readonly template: 'email-changed';
  readonly to: string;
  readonly name: string;
  readonly newEmail: string;
  /** Whether the administrator represents the customer. Nobody can remove a representative. */
  readonly isRepresentative: boolean;
}
/** Tells an administrator that a passkey was added for them, and the representative when a recovery link added it. */
interface PasskeyAddedMail {
  readonly template: 'passkey-added';
  readonly to: string;
  readonly customerName: string;
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** Whether a recovery link added the passkey; otherwise the administrator was signed in. */
  readonly byLink: boolean;
  /** Whether the e-mail goes to the passkey's administrator; otherwise to the representative. */
  readonly isOwn: boolean;
  /** Whether the passkey's administrator represents the customer. */
  readonly isRepresentatives: boolean;
}

/** Confirms that a customer's data was discarded. */
interface UnsubscribedMail {
  readonly template: 'unsubscribed';
  readonly to: string;
  readonly customerName: string;
  readonly discarded: ItemCounts;
}

/** An e-mail to be sent. The e-mail is in the table from the change that causes it until SES has accepted it. */
export type Mail = {
  readonly mailId: string;
  /** The customer that the e-mail belongs to; undefined when somebody only entered an address, known or not. */
  readonly customerId?: string | undefined;
} & (
  | SignInMail
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

/** Stores an e-mail to be sent. Belongs in one transaction with the change that causes it: both happen or neither. */
export function putMailWith(mail: Mail, ttl: number): Write<Mail> {
  return { Put: { Item: item(mail, ttl) } };
}

/** Stores an e-mail to be sent, outside a transaction. */
export async function putMail(table: Table, mail: Mail, ttl: number): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: item(mail, ttl) }));
}

/** Reads an e-mail to be sent, strongly. Returns undefined once the e-mail is sent or its customer is discarded. */
export function readMail(table: Table, mailId: string) {
  return readItem<Mail>(table, mailAt(mailId), 'strong');
}

/** Deletes an e-mail that SES has accepted. If the process dies before this write, the e-mail is sent once more. */
export async function deleteMail(table: Table, mailId: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: mailAt(mailId) }));
}
