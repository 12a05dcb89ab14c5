import { setAdministratorEmail, type Administrator } from '../../table/administrators.ts';
import { freeEmail } from '../../table/emails.ts';
import { putMailWith } from '../../table/mails.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { newMail } from '../mail/new-mail.ts';

/**
 * Returns the writes that replace an administrator's e-mail address and store a notification to the old address. The
 * calling function adds these writes to the transaction that assigns the new address to the administrator. If
 * `startsAnew` is true, the writes end the administrator's sessions, and the transaction must also delete the
 * administrator's passkeys.
 */
export function replaceEmail(
  administrator: Administrator,
  newEmail: string,
  now: number,
  { startsAnew, isRepresentative }: { startsAnew: boolean; isRepresentative: boolean },
): Record<'administrator' | 'oldEmail' | 'mail', Write> {
  const { customerId, name, email } = administrator;
  return {
    administrator: setAdministratorEmail(administrator, newEmail, startsAnew),
    oldEmail: freeEmail(administrator),
    mail: putMailWith(
      ...newMail({ template: 'email-changed', to: email, customerId, name, newEmail, isRepresentative }, now),
    ),
  };
}
