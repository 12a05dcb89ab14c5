import { readAllAdministrators } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { chunks } from '../../table/engine/batches.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { deleteMail, keepCopiedThrough, putMailWith, readMail, type MailToPrivileged } from '../../table/mails.ts';
import type { Services } from '../services.ts';
import { newMail } from './new-mail.ts';

/**
 * The number of copies in one transaction. A DynamoDB transaction has at most 100 writes: one for each copy, one for
 * the copied e-mail and one for the customer.
 */
const COPIES_A_TRANSACTION = 98;

/**
 * Stores a copy of an e-mail for each active privileged administrator of the customer, except the one with the ID
 * `exceptId`, and then deletes the e-mail. The representative is always privileged. The recipients are the privileged
 * administrators at the time of this call, not at the time of the change that caused the e-mail. A provisional
 * administrator gets no copy, because the address is not proven yet. If the customer's status is `unsubscribing`,
 * stores no more copies, because the service is then deleting the customer's data.
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
export async function copyForPrivileged(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  mail: MailToPrivileged,
): Promise<void> {
  const administrators = await readAllAdministrators(table, mail.customerId);
  const recipients = administrators.filter(
    ({ administratorId, privilege, status }) =>
      privilege === 'privileged' && status === 'active' && administratorId !== mail.exceptId,
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
    const copies = some.map(({ administratorId, email }): [string, Write] => [
      `copy for ${administratorId}`,
      putMailWith(...newMail({ ...content, to: email }, clock.now(), read.requestId)),
    ]);
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
