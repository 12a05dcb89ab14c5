import { checkCaller, deleteAdministrator } from '../../table/administrators.ts';
import { checkNotRepresentative } from '../../table/customers/conditions.ts';
import { isActive } from '../../table/customers/customers.ts';
import { freeReservedEmail } from '../../table/administrator-emails.ts';
import { checkNotTheirEmail, freeEmail, readEmail } from '../../table/emails.ts';
import { deletePasskey } from '../../table/signing-in/passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { ForbiddenError } from '../errors.ts';
import { lostRights, noSuchAdministrator } from '../refusals.ts';
import { readWithPasskeys } from '../signing-in/read-with-passkeys.ts';
import { requireRecentSignIn } from '../sessions/recent-sign-in.ts';
import type { Services } from '../services.ts';

/**
 * Deletes an administrator and the administrator's passkeys, and frees the administrator's e-mail address, in one
 * transaction: if the process dies, either everything is deleted or nothing is deleted. The administrator's sessions
 * and e-mailed links stop working at once.
 *
 * The transaction checks that the number of the administrator's passkeys is unchanged and that each passkey still
 * exists. If another request adds or removes a passkey after this function has read the passkeys, the transaction
 * fails, and the function reads the administrator and the passkeys again.
 *
 * Throws `NotFoundError` when the customer has no administrator with this ID. Throws `ForbiddenError` when callers try
 * to remove themselves. Also throws `ForbiddenError` when the administrator is the representative, even if another
 * request makes the administrator the representative while this function runs. If the administrator is privileged,
 * throws `ReauthenticationRequiredError` when the caller did not sign in within the last 5 minutes, and
 * `RecoveryHoldError` during a recovery hold of the caller.
 */
export async function removeAdministrator(
  services: Services,
  caller: AdministratorCaller,
  administratorId: string,
): Promise<void> {
  const { table, clock } = services;
  const { customerId, representativeId } = caller.customer;
  const read = await readWithPasskeys(table, customerId, administratorId);
  if (!read) throw noSuchAdministrator();
  const { administrator, passkeys } = read;
  if (administratorId === caller.administrator.administratorId)
    throw new ForbiddenError('You cannot remove yourself. Another privileged administrator can.');
  const isRepresentative = new ForbiddenError('The representative cannot be removed. Change the representative first.');
  if (administratorId === representativeId) throw isRepresentative;
  // Without this check, an intruder at an open session could remove everybody who can undo a recovery that the intruder
  // has begun or is about to begin.
  if (administrator.privilege === 'privileged') requireRecentSignIn(caller, clock.now());

  // An active administrator owns their address. An invited administrator may claim it, until somebody else claims it or
  // proves that it is theirs. The transaction checks what was read here, so it leaves no claim of the administrator.
  const owner = administrator.status === 'active' ? administrator : await readEmail(table, administrator.email);
  const { name, email, privilege } = administrator;
  const change = newChange(services, caller, customerId, {
    kind: 'administrator-removed',
    subject: { id: administratorId, name },
    before: { administratorId, name, email, privilege, passkeys: passkeys.length },
    after: null,
  });
  const failures = await transact(table, {
    audit: change.write,
    ...Object.fromEntries(passkeys.map((passkey) => [passkey.id, deletePasskey(passkey)])),
    administrator: deleteAdministrator(administrator),
    email: owner?.administratorId === administratorId ? freeEmail(administrator) : checkNotTheirEmail(administrator),
    reserved: freeReservedEmail(administrator),
    customer: checkNotRepresentative(customerId, administratorId),
    caller: checkCaller(caller.administrator),
  });
  if (failures?.caller) throw lostRights();
  if (failures?.customer) throw isActive(failures.customer.item) ? isRepresentative : lostRights();
  // After this function read the administrator, another request changed the e-mail address or its claim, activated or
  // removed the administrator, or added or removed a passkey.
  if (failures) return removeAdministrator(services, caller, administratorId);
  change.log();
}
