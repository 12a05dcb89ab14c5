import type { AdministratorView } from '../../contract/administrators.ts';
import { checkCaller, readAdministrator, updateAdministrator, type Administrator } from '../../table/administrators.ts';
import { checkCustomerActive, checkNotRepresentative } from '../../table/customers/conditions.ts';
import { isActive } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { administratorView } from './administrator-view.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { ForbiddenError } from '../errors.ts';
import { lostRights, noSuchAdministrator } from '../refusals.ts';
import { requireRecentSignIn } from '../sessions/recent-sign-in.ts';
import type { Services } from '../services.ts';

/**
 * Changes an administrator's name or privilege and returns the administrator. If the edit lowers the privilege, the
 * administrator's sessions end. If another request changes the administrator after this function has read the
 * administrator, the transaction fails and the function starts again.
 *
 * Throws `NotFoundError` when the customer has no administrator with this ID. Throws `ForbiddenError` when the caller
 * tries to change their own privilege, and when the edit would lower the representative's privilege. Throws
 * `ReauthenticationRequiredError` when the edit changes the privilege and the caller did not sign in within the last 5
 * minutes. Throws `RecoveryHoldError` when the edit changes the privilege during a recovery hold of the caller.
 */
export async function editAdministrator(
  services: Services,
  caller: AdministratorCaller,
  administratorId: string,
  edit: Partial<Pick<Administrator, 'name' | 'privilege'>>,
): Promise<AdministratorView> {
  const { table, clock } = services;
  const { customer } = caller;
  const { customerId } = customer;
  const read = await readAdministrator(table, customerId, administratorId, 'strong');
  if (!read) throw noSuchAdministrator();
  const edited = { name: read.name, privilege: read.privilege, ...edit };
  const isOwn = administratorId === caller.administrator.administratorId;
  if (isOwn && read.sessionGeneration !== caller.administrator.sessionGeneration) {
    throw lostRights();
  }
  if (isOwn && edited.privilege !== read.privilege)
    throw new ForbiddenError('You cannot change your own privilege. Another privileged administrator can.');
  const now = clock.now();
  // Without this check, an intruder at an open session could raise an accomplice, or lower everybody who can undo a
  // recovery that the intruder is about to begin.
  if (edited.privilege !== read.privilege) requireRecentSignIn(caller, now);
  if (edited.name === read.name && edited.privilege === read.privilege) return administratorView(read, customer, now);
  const lowered = read.privilege === 'privileged' && edited.privilege === 'administrator';
  const lowersRepresentative = new ForbiddenError(
    "The representative's privilege cannot be lowered. Change the representative first.",
  );
  if (lowered && administratorId === customer.representativeId) throw lowersRepresentative;

  const change = newChange(services, caller, customerId, {
    kind: 'administrator-edited',
    subject: { id: administratorId, name: edited.name },
    before: { administratorId, name: read.name, privilege: read.privilege },
    after: { administratorId, ...edited },
  });
  const failures = await transact(table, {
    audit: change.write,
    administrator: updateAdministrator(read, edited, lowered),
    caller: isOwn ? undefined : checkCaller(caller.administrator),
    customer: lowered ? checkNotRepresentative(customerId, administratorId) : checkCustomerActive(customerId),
  });
  if (failures?.caller) throw lostRights();
  if (failures?.customer) throw isActive(failures.customer.item) ? lowersRepresentative : lostRights();
  if (failures) return editAdministrator(services, caller, administratorId, edit);
  change.log();
  return administratorView({ ...read, ...edited }, customer, now);
}
