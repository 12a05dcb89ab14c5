import { checkCaller, inviteAgain, readAdministrator } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { putMailWith } from '../../table/mails.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { AlreadyExistsError } from '../errors.ts';
import { lostRights, noSuchAdministrator } from '../refusals.ts';
import { newMail } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';
import { requireRightToInvite } from '../sessions/recent-sign-in.ts';

/**
 * Invites a provisional administrator again. One transaction stores another invitation e-mail, which the service then
 * sends, and restarts the 7 days within which the administrator must activate their account. Throws `NotFoundError`
 * when the customer has no administrator with this ID or another request removes the administrator, and
 * `AlreadyExistsError` when the administrator is active. Throws the same errors as `addAdministrator` about the
 * caller's sign-in and recovery hold.
 */
export async function sendActivationLink(
  services: Services,
  caller: AdministratorCaller,
  administratorId: string,
): Promise<void> {
  const { table, clock, requestId } = services;
  const { customerId } = caller.customer;
  const administrator = await readAdministrator(table, customerId, administratorId, 'strong');
  if (!administrator) throw noSuchAdministrator();
  if (administrator.status === 'active') throw new AlreadyExistsError('The administrator is active already.');
  const now = clock.now();
  requireRightToInvite(caller, administrator.privilege, now);
  const change = newChange(services, caller, customerId, {
    kind: 'administrator-invited',
    subject: { id: administratorId, name: administrator.name },
    before: { administratorId, invitedAt: administrator.invitedAt },
    after: { administratorId, invitedAt: now },
  });
  const failures = await transact(table, {
    audit: change.write,
    administrator: inviteAgain(administrator, now),
    customer: checkCustomerActive(customerId),
    caller: checkCaller(caller.administrator),
    mail: putMailWith(
      ...newMail({ template: 'invitation', to: administrator.email, customerId, administratorId }, now, requestId),
    ),
  });
  if (failures?.caller || failures?.customer) throw lostRights();
  // After this function read the administrator, the administrator became active or was removed.
  if (failures) return sendActivationLink(services, caller, administratorId);
  change.log();
}
