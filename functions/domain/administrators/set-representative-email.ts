import { checkRepresentative } from '../../table/customers/conditions.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { putMailWith } from '../../table/mails.ts';
import { deletePasskey } from '../../table/signing-in/passkeys.ts';
import { newChange } from '../audit/new-change.ts';
import type { Author } from '../change-log.ts';
import { AlreadyExistsError, NotFoundError } from '../errors.ts';
import { emailTaken, noSuchCustomer } from '../refusals.ts';
import { newMail } from '../mail/new-mail.ts';
import { replaceEmail } from './replace-email.ts';
import { readWithPasskeys } from '../signing-in/read-with-passkeys.ts';
import type { Services } from '../services.ts';
import { transactReserving } from './reserve-email.ts';

/**
 * Replaces the e-mail address of a representative who can no longer use the old address. The operator must have
 * verified that the new address belongs to the representative. The transaction that replaces the address also ends the
 * representative's sessions and recovery hold, deletes the representative's passkeys, and stores two e-mails: a
 * notification to the old address, and a sign-in link to the new address. So an attacker who controls the old address
 * or has added a passkey with its help loses access. Returns the representative's ID and name, and the new address.
 *
 * Throws `NotFoundError` when the customer does not exist or is not active. Throws `AlreadyExistsError` when the new
 * address belongs to an administrator or is reserved for an administrator of the same customer whose invitation has not
 * lapsed, and when another request changes the representative, the old address or the passkeys after this function has
 * read them.
 */
export async function setRepresentativeEmail(
  services: Services,
  author: Author,
  customerId: string,
  email: string,
): Promise<{ administratorId: string; name: string; email: string }> {
  const { table, clock, requestId } = services;
  const now = clock.now();
  const customer = await readCustomer(table, customerId, 'strong');
  const read = customer && (await readWithPasskeys(table, customerId, customer.representativeId));
  if (!read) throw noSuchCustomer(customerId);
  const { administrator: representative, passkeys } = read;
  if (representative.email === email)
    throw new AlreadyExistsError(`The representative has the address ${email} already.`);
  const { administratorId, name } = representative;
  const change = newChange(services, author, customerId, {
    kind: 'email-changed',
    subject: { id: administratorId, name },
    before: { administratorId, email: representative.email, passkeys: passkeys.length },
    after: { administratorId, email, passkeys: 0 },
  });
  const failures = await transactReserving(
    services,
    author,
    { email, customerId, administratorId },
    {
      audit: change.write,
      ...Object.fromEntries(passkeys.map((passkey) => [passkey.id, deletePasskey(passkey)])),
      customer: checkRepresentative(customerId, administratorId),
      ...replaceEmail(representative, email, now, { startsAnew: true, isRepresentative: true, requestId }),
      link: putMailWith(...newMail({ template: 'sign-in', to: email, customerId }, now, requestId)),
    },
  );
  if (failures?.customer) {
    if (failures.customer.item?.status === 'active')
      throw new AlreadyExistsError('The representative was changed at the same time. Try again.');
    throw new NotFoundError(`The customer ${customerId} is not active.`);
  }
  if (failures?.email || failures?.reserved) throw emailTaken();
  if (failures) throw new AlreadyExistsError('The address or the passkeys were changed at the same time. Try again.');
  change.log();
  return { administratorId, name, email };
}
