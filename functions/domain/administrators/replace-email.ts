import { setAdministratorEmail, type Administrator } from '../../table/administrators.ts';
import { freeEmail } from '../../table/emails.ts';
import { putMailWith } from '../../table/mails.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { newMail } from '../mail/new-mail.ts';

/**
 * Returns the writes that replace an administrator's address and notify the old one. The caller adds these writes to
 * the transaction that takes the new address. With `startsAnew`, the writes end the administrator's sessions, and the
 * caller's transaction must delete their passkeys too.
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
