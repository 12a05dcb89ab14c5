import { setAdministratorEmail, type Administrator } from '../../table/administrators.ts';
import { freeEmail } from '../../table/emails.ts';
import { putMailWith } from '../../table/mails.ts';
import type { Replaced } from '../../table/signing-in/links.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { newMail } from '../mail/mails.ts';

/**
 * Whether an administrator still has the address and the rights of when the new address was asked for, and has had no first
 * passkey since: what a session asked for without one does not outlive it.
 */
export function replaces(replaced: Replaced | undefined, administrator: Administrator): boolean {
  const { email, sessionGeneration, passkeys = 0 } = administrator;
  const hadPasskey = replaced?.hadPasskey ?? false;
  return (
    replaced?.email === email && replaced.sessionGeneration === sessionGeneration && (hadPasskey || passkeys === 0)
  );
}

/**
 * Gives the writes that replace an administrator's address by another and tell the old one, in a transaction that takes the
 * new one; for one who starts anew, with the deletion of their passkeys.
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
