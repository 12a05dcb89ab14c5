import { checkCaller } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { putMailWith } from '../../table/mails.ts';
import type { AdministratorCaller } from '../callers.ts';
import { lostRights } from '../refusals.ts';
import { newMail } from '../mail/new-mail.ts';
import { requireRecentSignIn } from '../sessions/recent-sign-in.ts';
import type { Services } from '../services.ts';

/**
 * Stores an e-mail with a confirmation link. The service then sends the e-mail to the caller's new e-mail address, and
 * the caller's address changes when the link is used. This function does not check whether the new address is free, so
 * that the response does not reveal whether an administrator has this address. The service checks the address when it
 * sends the e-mail, and again when the link is used. Throws `ReauthenticationRequiredError` when the caller did not
 * sign in within the last 5 minutes, and `RecoveryHoldError` during a recovery hold of the caller.
 */
export async function changeEmail(
  { table, clock, requestId }: Services,
  caller: AdministratorCaller,
  { email }: { email: string },
): Promise<void> {
  requireRecentSignIn(caller, clock.now());
  const { customer, administrator } = caller;
  const { customerId } = customer;
  const { administratorId, email: replaced, emailVersion, sessionGeneration, passkeys = 0 } = administrator;
  const { passkeyId } = caller.session;
  const replaces = { email: replaced, emailVersion, sessionGeneration, hadPasskey: passkeys > 0, passkeyId };
  const [mail, ttl] = newMail(
    { template: 'email-confirmation', to: email, customerId, administratorId, replaces },
    clock.now(),
    requestId,
  );
  const failures = await transact(table, { mail: putMailWith(mail, ttl), caller: checkCaller(administrator) });
  if (failures) throw lostRights();
}
