import { checkCaller, deleteAdministrator } from '../../table/administrators.ts';
import { checkNotRepresentative } from '../../table/customers/conditions.ts';
import { isActive } from '../../table/customers/customers.ts';
import { freeEmail } from '../../table/emails.ts';
import { deletePasskey } from '../../table/signing-in/passkeys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { ForbiddenError } from '../errors.ts';
import { lostRights, noSuchAdministrator } from '../refusals.ts';
import { readWithPasskeys } from '../signing-in/read-with-passkeys.ts';
import type { Services } from '../services.ts';

/**
 * Removes an administrator, whose sessions and links are worth nothing from then on, their passkeys, and frees the address,
 * in one transaction: if the process dies, all is gone or nothing. It has the number of passkeys that was read as its
 * condition, and that each of them is there: so one that is added or removed at this moment, or one and another, has
 * everything read again. Throws `NotFoundError`, or `ForbiddenError` for oneself and for the representative, also for one who
 * becomes it at this moment.
 */
export async function removeAdministrator(
  services: Services,
  caller: AdministratorCaller,
  administratorId: string,
): Promise<void> {
  const { table, log } = services;
  const { customerId, representativeId } = caller.customer;
  const read = await readWithPasskeys(table, customerId, administratorId);
  if (!read) throw noSuchAdministrator();
  const { administrator, passkeys } = read;
  if (administratorId === caller.administrator.administratorId)
    throw new ForbiddenError('You cannot remove yourself. Another privileged administrator can.');
  const isRepresentative = new ForbiddenError('The representative cannot be removed. Change the representative first.');
  if (administratorId === representativeId) throw isRepresentative;

  const failures = await transact(table, {
    ...Object.fromEntries(passkeys.map((passkey) => [passkey.id, deletePasskey(passkey)])),
    administrator: deleteAdministrator(administrator),
    email: freeEmail(administrator),
    customer: checkNotRepresentative(customerId, administratorId),
    caller: checkCaller(caller.administrator),
  });
  if (failures?.caller) throw lostRights();
  if (failures?.customer) throw isActive(failures.customer.item) ? isRepresentative : lostRights();
  // The address was changed, a passkey added or removed, or another request removed the administrator, since the read.
  if (failures) return removeAdministrator(services, caller, administratorId);
  logChange(log, {
    actor: actorOf(caller),
    what: 'administrator',
    customerId,
    before: {
      administratorId,
      name: administrator.name,
      email: administrator.email,
      privilege: administrator.privilege,
      passkeys: passkeys.length,
    },
    after: null,
  });
}
