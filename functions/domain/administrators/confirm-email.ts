import type { AdministratorView } from '../../contract/administrators.ts';
import { readAdministrator } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { readLink, useLink } from '../../table/signing-in/links.ts';
import { checkPasskey } from '../../table/signing-in/passkeys.ts';
import { administratorView } from './administrator-view.ts';
import { newChange } from '../audit/new-change.ts';
import { AlreadyExistsError } from '../errors.ts';
import { linkNotValid } from '../refusals.ts';
import { replaceEmail } from './replace-email.ts';
import { stillReplaces } from '../mail/still-replaces.ts';
import { requireNoRecoveryHold } from '../sessions/recovery-hold.ts';
import type { Services } from '../services.ts';
import { transactReserving } from './reserve-email.ts';

/**
 * In one transaction, replaces an administrator's e-mail address with the address to which the service sent a
 * confirmation link, and stores a notification to the old address. `token` is the token of the link. The function needs
 * no session, because the link may be opened in a browser in which nobody is signed in. If the change was requested in
 * a session that a passkey opened, the passkey must still exist. Returns the administrator with the new address.
 *
 * Throws `UnauthenticatedError` when the link is not valid, and `RecoveryHoldError` during a recovery hold of the
 * administrator. Throws `AlreadyExistsError` when the new address now belongs to another administrator, or is reserved
 * for another administrator of the same customer whose invitation has not lapsed. An invitation of another customer and
 * a sign-up that is not activated do not matter.
 */
export async function confirmEmail(services: Services, { token }: { token: string }): Promise<AdministratorView> {
  const { table, clock, requestId } = services;
  const now = clock.now();
  const link = await readLink(table, token);
  if (link?.purpose !== 'email-confirmation' || now >= link.expiresAt) throw linkNotValid();
  const { customerId, administratorId } = link;
  const [administrator, customer] = await Promise.all([
    readAdministrator(table, customerId, administratorId, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (!administrator || !customer || !stillReplaces(link.replaces, administrator)) throw linkNotValid();
  // The hold forbids a change of address, even a change that was requested before the hold began.
  requireNoRecoveryHold(administrator, now);
  // The administrator already has the new address: this link, or another link that confirms the same address, was used.
  if (administrator.email === link.email) throw linkNotValid();

  const address = { email: link.email, customerId, administratorId };
  const { passkeyId } = link.replaces ?? {};
  const change = newChange(services, { administrator }, customerId, {
    kind: 'email-changed',
    subject: { id: administratorId, name: administrator.name },
    before: { administratorId, email: administrator.email },
    after: { administratorId, email: link.email },
  });
  const failures = await transactReserving(services, { administrator }, address, {
    audit: change.write,
    link: useLink(token),
    customer: checkCustomerActive(customerId),
    passkey: passkeyId === undefined ? undefined : checkPasskey({ customerId, administratorId, id: passkeyId }),
    ...replaceEmail(administrator, link.email, now, {
      startsAnew: false,
      isRepresentative: administratorId === customer.representativeId,
      requestId,
    }),
  });
  if (failures?.link || failures?.customer || failures?.passkey || failures?.administrator) throw linkNotValid();
  if (failures)
    throw new AlreadyExistsError('The e-mail address now belongs to another administrator. Choose another address.');
  change.log();
  return administratorView({ ...administrator, email: link.email }, customer, now);
}
