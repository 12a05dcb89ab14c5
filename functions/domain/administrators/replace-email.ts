import { freeReservedEmail } from '../../table/administrator-emails.ts';
import { setAdministratorEmail, type Administrator } from '../../table/administrators.ts';
import { freeEmail, giveEmail } from '../../table/emails.ts';
import { putMailWith } from '../../table/mails.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { newMail } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';

/**
 * Returns the writes that replace an administrator's e-mail address and store a notification to the old address. The
 * write `email` fails when the new address belongs to another administrator. The calling function adds these writes to
 * the transaction that reserves the new address within the customer. If `startsAnew` is true, the writes end the
 * administrator's sessions, and the transaction must also delete the administrator's passkeys.
 */
export function replaceEmail(
  administrator: Administrator,
  newEmail: string,
  now: number,
  {
    startsAnew,
    isRepresentative,
    requestId,
  }: { startsAnew: boolean; isRepresentative: boolean } & Pick<Services, 'requestId'>,
): Record<'administrator' | 'email' | 'oldEmail' | 'oldReserved' | 'mail', Write> {
  const { customerId, administratorId, name, email, language } = administrator;
  return {
    email: giveEmail({ email: newEmail, customerId, administratorId }),
    administrator: setAdministratorEmail(administrator, newEmail, startsAnew),
    oldEmail: freeEmail(administrator),
    oldReserved: freeReservedEmail(administrator),
    mail: putMailWith(
      ...newMail(
        { template: 'email-changed', to: email, language, customerId, name, newEmail, isRepresentative },
        now,
        requestId,
      ),
    ),
  };
}
