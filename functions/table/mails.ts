import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Link, Replaced } from './signing-in/links.ts';
import { mailFinder, mailKey } from './keys.ts';
import { readItem } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import type { Write } from './engine/transaction.ts';
import type { ItemCounts } from './customers/unsubscriptions.ts';

/** A link to send to an address, if it then belongs to somebody. The token is made when it is sent, so that none is stored. */
interface SignInMail {
  readonly template: 'activation' | 'sign-in';
  readonly to: string;
}
/** A link that confirms a new address. */
interface EmailConfirmationMail {
  readonly template: 'email-confirmation';
  readonly to: string;
  readonly administratorId: string;
  readonly replaces: Replaced;
}
/** Tells of a new representative: to the old one, the new one and whoever changed it. */
interface RepresentativeChangedMail {
  readonly template: 'representative-changed';
  readonly to: string;
  readonly customerName: string;
  readonly oldName: string;
  readonly newName: string;
  readonly changedBy: string;
}
/** Tells the old address that another one took its place. */
interface EmailChangedMail {
  readonly template: 'email-changed';
  readonly to: string;
  readonly name: string;
  readonly newEmail: string;
  /** Whether they represent the customer: nobody can remove them then. */
  readonly isRepresentative: boolean;
}
/** Tells whose it is that a passkey was added, and the representative if it was by somebody who came by a link. */
interface PasskeyAddedMail {
  readonly template: 'passkey-added';
  readonly to: string;
  readonly customerName: string;
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** Whether whoever added it came by a recovery link; else they were signed in. */
  readonly byLink: boolean;
  /** Whether it goes to whoever has the passkey; else to the representative. */
  readonly isOwn: boolean;
  /** Whether whoever has the passkey represents the customer. */
  readonly isRepresentatives: boolean;
}

/** Confirms that a customer's data was discarded. */
interface UnsubscribedMail {
  readonly template: 'unsubscribed';
  readonly to: string;
  readonly customerName: string;
  readonly discarded: ItemCounts;
}

/** An e-mail that is to be sent, in the table from the change that causes it until SES has accepted it. */
export type Mail = {
  readonly mailId: string;
  /** Whose it is; undefined when only an address was asked for, known or not. */
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

const item = (mail: Mail, ttl: number) => ({
  ...mailKey(mail.mailId),
  ...(mail.customerId !== undefined && mailFinder(mail.customerId, mail.mailId)),
  ...mail,
  ttl,
});

/** Leaves an e-mail to be sent in a transaction with the change that causes it: both happen or none. */
export function putMailWith(mail: Mail, ttl: number): Write {
  return { Put: { Item: item(mail, ttl) } };
}

/** Leaves an e-mail to be sent. */
export async function putMail(table: Table, mail: Mail, ttl: number): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: item(mail, ttl) }));
}

/** Reads an e-mail that is still to be sent. Undefined once it was sent, or its customer was discarded. */
export function readMail(table: Table, mailId: string) {
  return readItem<Mail>(table, mailKey(mailId), 'strong');
}

/** Ends an e-mail after SES accepted it. If the process dies before, it is sent once more. */
export async function deleteMail(table: Table, mailId: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: mailKey(mailId) }));
}
