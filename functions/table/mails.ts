import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { License } from '../domain/licenses/license.ts';
import type { Language } from '../domain/mail/languages.ts';
import type { Link, Replaced } from './signing-in/links.ts';
import { mailFinder, mailKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent, exists, isUnset } from './engine/conditions.ts';
import { readItem, type KeyOf } from './engine/reads.ts';
import { transact, type Write } from './engine/transaction.ts';
import type { ItemCounts } from './customers/customers.ts';
import type { Statement } from './metering/statements.ts';

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
 * An e-mail that says that a passkey was added to an administrator's account. The administrator gets it. If the
 * administrator had opened a recovery link (a sign-in link that is used although the administrator already has a
 * passkey), the other privileged administrators, who can undo the recovery, get it too.
 */
interface PasskeyAddedNotice {
  readonly template: 'passkey-added';
  readonly customerName: string;
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /**
   * Whether the e-mail goes to the administrator who owns the passkey. If `isOwn` is false, the e-mail goes to another
   * person who can undo the recovery.
   */
  readonly isOwn: boolean;
  /** Whether the administrator who owns the passkey is the customer's representative. */
  readonly isRepresentatives: boolean;
  /** Whether the administrator who owns the passkey is privileged. @default false */
  readonly isPrivileged?: boolean | undefined;
  /** The end of the recovery hold, in epoch milliseconds. @default - no recovery link added the passkey */
  readonly holdUntil?: number | undefined;
}
/** An e-mail that tells an administrator that a passkey was removed from the administrator's account. */
interface PasskeyRemovedMail {
  readonly template: 'passkey-removed';
  readonly to: string;
  readonly customerName: string;
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly removedAt: number;
  /** Whether the administrator is the customer's representative. */
  readonly isRepresentatives: boolean;
}
/** An e-mail that tells an administrator that somebody undid the recovery of the administrator's account. */
interface RecoveryUndoneMail {
  readonly template: 'recovery-undone';
  readonly to: string;
  readonly customerName: string;
  readonly name: string;
  /** The name of the person who undid the recovery. */
  readonly undoneBy: string;
  /** Epoch milliseconds. */
  readonly undoneAt: number;
  /** Whether the administrator is the customer's representative. */
  readonly isRepresentatives: boolean;
}

/** An e-mail that confirms that the service has deleted a customer's data. */
interface UnsubscribedMail {
  readonly template: 'unsubscribed';
  readonly to: string;
  readonly customerName: string;
  readonly discarded: ItemCounts;
}

/** An e-mail that says that the representative unsubscribed, and when the grace period ends. */
interface UnsubscriptionRequestedNotice {
  readonly template: 'unsubscription-requested';
  readonly customerName: string;
  /** The name of the representative who unsubscribed. */
  readonly requestedBy: string;
  /** The end of the grace period, in epoch milliseconds. */
  readonly effectiveAt: number;
}
/** An e-mail that says that the customer keeps using the service. */
interface UnsubscriptionCancelledNotice {
  readonly template: 'unsubscription-cancelled';
  readonly customerName: string;
  /** The name of the administrator who cancelled; null when a paid license cancelled. */
  readonly cancelledBy: string | null;
}
/** The e-mails that the service can send to all privileged administrators of a customer. */
type PrivilegedNotice = PasskeyAddedNotice | UnsubscriptionRequestedNotice | UnsubscriptionCancelledNotice;

/** An e-mail that says that the operator set a license. */
interface LicenseSetNotice {
  readonly template: 'license-set';
  readonly customerName: string;
  readonly license: License;
}
/** An e-mail that says that a license ends, or has ended, without another license that follows. */
interface LicenseEndingNotice {
  readonly template: 'license-ending';
  readonly customerName: string;
  readonly type: License['type'];
  /** The first instant after the license, in epoch milliseconds. */
  readonly endsAt: number;
  /** The number of days, at most, until the license ends. 0: the license has ended. */
  readonly withinDays: number;
}
/** An e-mail that says that a Free license allows few or no further users. */
interface UsersNearMaximumNotice {
  readonly template: 'users-near-maximum';
  readonly customerName: string;
  readonly registeredUsers: number;
  readonly maxRegisteredUsers: number;
}
/** An e-mail that says that the statement of a month is ready. */
interface StatementReadyNotice {
  readonly template: 'statement-ready';
  readonly customerName: string;
  readonly statement: Pick<Statement, 'month' | 'timeZone' | 'mau' | 'maxMau' | 'overageMau' | 'overageFee'>;
}
/** The e-mails that each administrator may choose to get. */
type ChosenNotice = LicenseSetNotice | LicenseEndingNotice | UsersNearMaximumNotice | StatementReadyNotice;

/**
 * An e-mail that combines notices to one recipient, because a customer caused more notices than the limit allows. The
 * service adds later notices to the e-mail until the window ends.
 */
interface CombinedNoticesMail {
  readonly template: 'combined-notices';
  readonly to: string;
  /** How many notices of each template the e-mail combines. */
  readonly combined: Readonly<Record<string, number>>;
  /** The number of all combined notices. */
  readonly total: number;
  /** The time before which the e-mail is not sent, in epoch milliseconds. */
  readonly dueAt: number;
}

interface Cause {
  /**
   * The ID of the request, or of the invocation, that caused the e-mail. @default - an e-mail that combines notices has
   * several causes
   */
  readonly requestId?: string | undefined;
}

/**
 * An e-mail to several administrators of a customer: to all who are privileged, or to all who get the notices of its
 * kind. A change stores one such item, however many recipients the customer has, because a transaction has at most 100
 * writes. The service never sends this item. Instead, `copyForRecipients` stores a copy for each recipient and then
 * deletes this item.
 */
export type MailToMany = {
  readonly mailId: string;
  readonly customerId: string;
  /** The ID of an administrator who gets no copy. @default - every recipient gets a copy */
  readonly exceptId?: string | undefined;
  /**
   * The ID of the last administrator for whom a copy is stored. Copies are stored in the order of the administrators'
   * IDs. @default - no copy is stored yet
   */
  readonly copiedThrough?: string | undefined;
} & Cause &
  (
    | ({ readonly recipients: 'privileged-administrators' } & PrivilegedNotice)
    | ({ readonly recipients: 'notice-readers' } & ChosenNotice)
  );

/**
 * An e-mail to be sent to one address. The item stays in the table until SES has accepted the e-mail, or until the
 * service decides not to send the e-mail.
 */
export type Mail = {
  readonly mailId: string;
  readonly recipients?: undefined;
  /**
   * The customer that the e-mail belongs to; undefined when a person who was not signed in requested the e-mail by
   * entering an address.
   */
  readonly customerId?: string | undefined;
  /**
   * The language of the reader. An e-mail with a link is written in the language that the reader has at the time of
   * sending. @default - English
   */
  readonly language?: Language | undefined;
  /** Whether the e-mail already counts toward the limit of links or of notices. @default false */
  readonly isCounted?: boolean;
} & Cause &
  (
    | SignInMail
    | InvitationMail
    | EmailConfirmationMail
    | RepresentativeChangedMail
    | EmailChangedMail
    | PasskeyRemovedMail
    | RecoveryUndoneMail
    | UnsubscribedMail
    | CombinedNoticesMail
    | (PrivilegedNotice & { readonly to: string })
    | (ChosenNotice & { readonly to: string; readonly isRepresentative: boolean })
  );
/** An e-mail as the table stores it. */
export type StoredMail = Mail | MailToMany;
export type LinkTemplate = Link['purpose'];
type CombinedNotices = Extract<Mail, { template: 'combined-notices' }>;

/** Returns the key of an e-mail. */
export const mailAt = (mailId: string): KeyOf<StoredMail> => mailKey(mailId);

/** Returns the item of an e-mail. A copy of a stored e-mail contains the stored keys, so the new keys replace them. */
const item = (mail: StoredMail, ttl: number) => ({
  ...mail,
  ...mailAt(mail.mailId),
  ...(mail.customerId !== undefined && mailFinder(mail.customerId, mail.mailId)),
  ttl,
});

/**
 * Stores an e-mail to be sent. This write belongs in one transaction with the change that causes the e-mail, so that
 * DynamoDB stores the change and the e-mail together or not at all.
 */
export function putMailWith(mail: StoredMail, ttl: number): Write<StoredMail> {
  return { Put: { Item: item(mail, ttl) } };
}

/** Stores an e-mail to be sent. Unlike `putMailWith`, this function writes at once, outside a transaction. */
export async function putMail(table: Table, mail: StoredMail, ttl: number): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: item(mail, ttl) }));
}

/**
 * Reads an e-mail to be sent, with a strongly consistent read. Returns undefined once the e-mail is deleted, by
 * `deleteMail` or together with the customer's data.
 */
export function readMail(table: Table, mailId: string) {
  return readItem<StoredMail>(table, mailAt(mailId), 'strong');
}

/**
 * Deletes an e-mail that SES has accepted or that the service will not send. If the process dies after SES accepts the
 * e-mail and before this write, the service sends the e-mail a second time.
 */
export async function deleteMail(table: Table, mailId: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: mailAt(mailId) }));
}

/**
 * Marks an e-mail as counted toward the limit of links or of notices. The write fails when the e-mail is counted
 * already or no longer exists. It belongs in one transaction with the write that counts the e-mail.
 */
export function countMailOnce(mailId: string): Write<Mail> {
  return {
    Update: {
      Key: mailAt(mailId),
      UpdateExpression: 'SET isCounted = :true',
      ConditionExpression: `${exists} AND ${isUnset('isCounted')}`,
      ExpressionAttributeValues: { ':true': true },
    },
  };
}

/**
 * Stores the last administrator for whom a copy of an e-mail to several administrators is stored. Fails when another
 * process stored copies after the item was read, and when the item no longer exists. This write belongs in one
 * transaction with the copies, so that each administrator gets exactly one copy.
 */
export function keepCopiedThrough(read: MailToMany, administratorId: string): Write<StoredMail> {
  return {
    Update: {
      Key: mailAt(read.mailId),
      UpdateExpression: 'SET copiedThrough = :administratorId',
      ConditionExpression: `${exists} AND ${sameCopies(read)}`,
      ExpressionAttributeValues: { ...copiesValue(read), ':administratorId': administratorId },
    },
  };
}

/** The condition that no process stored copies of the e-mail after the item was read. */
const sameCopies = ({ copiedThrough }: MailToMany) =>
  copiedThrough === undefined ? isUnset('copiedThrough') : 'copiedThrough = :readCopiedThrough';
const copiesValue = ({ copiedThrough }: MailToMany) =>
  copiedThrough === undefined ? {} : { ':readCopiedThrough': copiedThrough };

/**
 * Adds a notice to the e-mail that combines notices to the same recipient, and deletes the notice, in one transaction.
 * Stores the combining e-mail `into` if it does not exist yet; `ttl` is its TTL in epoch seconds. Returns false when
 * the notice no longer exists. The notice is combined exactly once: if the process dies before the transaction, the
 * notice still exists, and the next attempt combines it; if the process dies afterwards, the notice is gone.
 *
 * Two calls A and B for different notices do not overwrite each other:
 *
 *     A reads total = 4                  B reads total = 4
 *     A writes total = 5                 …
 *                                        B's condition is false: total is not 4
 *                                        B reads total = 5, and writes total = 6
 */
export async function combineNotice(
  table: Table,
  notice: Pick<Mail, 'mailId' | 'template' | 'customerId' | 'to' | 'language'>,
  into: Pick<CombinedNotices, 'mailId' | 'dueAt'>,
  ttl: number,
): Promise<boolean> {
  const { template, customerId, to, language } = notice;
  for (;;) {
    const read = await readItem<CombinedNotices>(table, mailAt(into.mailId), 'strong');
    const { combined = {}, total = 0 } = read ?? {};
    const mail: CombinedNotices = {
      ...{ template: 'combined-notices', customerId, to, language, ...into },
      combined: { ...combined, [template]: (combined[template] ?? 0) + 1 },
      total: total + 1,
    };
    const failures = await transact(table, {
      notice: { Delete: { Key: mailAt(notice.mailId), ConditionExpression: exists } },
      combined: {
        Put: {
          Item: item(mail, ttl),
          ConditionExpression: read ? '#total = :read' : absent,
          ExpressionAttributeNames: read && { '#total': 'total' },
          ExpressionAttributeValues: read && { ':read': total },
        },
      },
    });
    if (!failures) return true;
    if (failures.notice) return false;
  }
}
