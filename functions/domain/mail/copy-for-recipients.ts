import { readAllAdministrators, type Administrator } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { chunks } from '../../table/engine/batches.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { deleteMail, keepCopiedThrough, putMailWith, readMail, type MailToMany } from '../../table/mails.ts';
import type { Services } from '../services.ts';
import { languageOf } from './languages.ts';
import { mailRules } from './mail-rules.ts';
import { newMail } from './new-mail.ts';
import { getsNotices } from './notice-kinds.ts';

/**
 * The number of copies in one transaction. A DynamoDB transaction has at most 100 writes: one for each copy, one for
 * the copied e-mail and one for the customer.
 */
const COPIES_A_TRANSACTION = 98;

/**
 * Stores a copy of an e-mail for each of its recipients among the active administrators of the customer, except the one
 * with the ID `exceptId`, and then deletes the e-mail. The recipients are all privileged administrators, including the
 * representative, or all administrators who get the notices of the e-mail's kind, at the time of this call, not at the
 * time of the change that caused the e-mail. A provisional administrator gets no copy, because the address is not
 * proven yet. If the customer's status is `unsubscribing`, stores no more copies, because the service is then deleting
 * the customer's data. Each copy is in the language of its recipient.
 *
 * Each transaction stores up to 98 copies and records in the e-mail's item the last administrator who has a copy, on
 * the condition that no other call recorded one meanwhile. So each administrator gets exactly one copy, even if the
 * queue delivers the message twice:
 *
 *     A reads the e-mail: no copies
 *                                          B reads the e-mail: no copies
 *     A stores copies 1 to 98
 *                                          B's transaction fails; B reads again: copies 1 to 98 exist
 *     A dies
 *                                          B stores copies 99 and 100, and deletes the e-mail
 *
 * If the process dies between two of these writes, the e-mail's item is still in the table, and the next delivery of
 * the message continues after the last copy.
 */
export async function copyForRecipients(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  mail: MailToMany,
): Promise<void> {
  const { customerId, exceptId } = mail;
  const [administrators, customer] = await Promise.all([
    readAllAdministrators(table, customerId),
    mail.recipients === 'notice-readers' ? readCustomer(table, customerId, 'strong') : undefined,
  ]);
  const recipients = administrators.filter(
    (one) => one.status === 'active' && one.administratorId !== exceptId && isRecipient(mail, one, customer),
  );
  let read = mail;
  for (;;) {
    const { mailId, recipients: _, exceptId: __, copiedThrough = '', ...content } = read;
    const [some] = chunks(
      recipients.filter(({ administratorId }) => administratorId > copiedThrough),
      COPIES_A_TRANSACTION,
    );
    const last = some?.at(-1);
    if (!some || !last) break;
    const copies = some.map((one): [string, Write] => {
      const isRepresentative = one.administratorId === customer?.representativeId;
      const copy = { ...content, to: one.email, language: languageOf(one), isRepresentative };
      return [`copy for ${one.administratorId}`, putMailWith(...newMail(copy, clock.now(), read.requestId))];
    });
    const failures = await transact(table, {
      mail: keepCopiedThrough(read, last.administratorId),
      customer: checkCustomerActive(read.customerId),
      ...Object.fromEntries(copies),
    });
    if (!failures) {
      read = { ...read, copiedThrough: last.administratorId };
      continue;
    }
    if (failures.customer) break;
    const stored = await readMail(table, mailId);
    if (!stored?.recipients) return;
    read = stored;
  }
  await deleteMail(table, mail.mailId);
}

/** Returns whether an active administrator is a recipient of an e-mail. `customer` is only needed for notices. */
function isRecipient(mail: MailToMany, administrator: Administrator, customer: Customer | undefined): boolean {
  if (mail.recipients === 'privileged-administrators') return administrator.privilege === 'privileged';
  const kind = mailRules[mail.template].chosenAs;
  const isRepresentative = administrator.administratorId === customer?.representativeId;
  return kind !== undefined && getsNotices(administrator, kind, isRepresentative);
}
