import type { AdministratorView } from '../../contract/administrators.ts';
import { checkCaller, putAdministrator, type Administrator } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { putMailWith } from '../../table/mails.ts';
import { administratorView } from './administrator-view.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { emailTaken, lostRights } from '../refusals.ts';
import { newId } from '../ids.ts';
import { newMail } from '../mail/new-mail.ts';
import { requireRightToInvite } from '../sessions/recent-sign-in.ts';
import type { Services } from '../services.ts';
import { transactReserving } from './reserve-email.ts';

/**
 * In one transaction, adds a provisional administrator and stores the invitation e-mail, which the service then sends.
 * The e-mail is in the language of the inviting administrator, because nothing is known about the invited person yet.
 * Returns the new administrator. Throws `AlreadyExistsError` when another administrator of the same customer has the
 * e-mail address, unless that administrator's invitation has lapsed. Throws `RecoveryHoldError` during a recovery hold
 * of the caller. Throws `ReauthenticationRequiredError` when the caller did not sign in within the last 5 minutes,
 * unless the caller has no passkey and the new administrator is not privileged.
 *
 * This function makes the same reads and writes whether the address belongs to an administrator of another customer or
 * not, so that neither the response nor its duration reveals the administrators of other customers. `sendMail` checks
 * the address when it sends the e-mail, and `signInByLink` checks it again when the link is opened.
 */
export async function addAdministrator(
  services: Services,
  caller: AdministratorCaller,
  added: Pick<Administrator, 'name' | 'email' | 'privilege'>,
): Promise<AdministratorView> {
  const { clock, requestId } = services;
  const now = clock.now();
  requireRightToInvite(caller, added.privilege, now);
  const { customer } = caller;
  const { customerId } = customer;
  const administrator: Administrator = {
    customerId,
    administratorId: newId('adm'),
    ...added,
    status: 'provisional',
    sessionGeneration: 0,
    createdAt: now,
    invitedAt: now,
    language: caller.administrator.language,
  };
  const { administratorId } = administrator;
  const change = newChange(services, caller, customerId, {
    kind: 'administrator-added',
    subject: { id: administratorId, name: added.name },
    before: null,
    after: { administratorId, ...added },
  });
  const failures = await transactReserving(services, caller, administrator, {
    audit: change.write,
    administrator: putAdministrator(administrator),
    customer: checkCustomerActive(customerId),
    caller: checkCaller(caller.administrator),
    mail: putMailWith(
      ...newMail({ template: 'invitation', to: added.email, customerId, administratorId }, now, requestId),
    ),
  });
  if (failures?.caller || failures?.customer) throw lostRights();
  if (failures) throw emailTaken();
  change.log();
  return administratorView(administrator, customer, now);
}
