import { reserveEmail, reserveEmailInstead, type AdministratorEmail } from '../../table/administrator-emails.ts';
import { readAdministrator, removeInvitation } from '../../table/administrators.ts';
import { transact, type Failures, type Write, type Writes } from '../../table/engine/transaction.ts';
import { newChange, type AuditServices } from '../audit/new-change.ts';
import type { Author } from '../change-log.ts';
import { hasLapsed } from '../activation-deadline.ts';
import type { Services } from '../services.ts';

/** The write that `transactReserving` adds: it reserves an e-mail address for one administrator of the customer. */
interface Reserving {
  readonly reserved: Write<AdministratorEmail>;
}

/**
 * Performs `writes` and the write `reserved` in one transaction. The write `reserved` reserves the e-mail address in
 * `address` within the customer. Returns the writes that failed, or undefined when the transaction succeeds; the write
 * `reserved` fails when the address is reserved for another administrator of the customer. If that administrator's
 * invitation has lapsed, a second transaction performs all writes and also removes that administrator, and stores the
 * audit entry of the removal, with the author `author`. If the process dies, either nothing has changed, or all writes are done.
 *
 * If another request changes an item after this function has read the item, a condition of the second transaction is
 * false: the removal or the write `reserved` fails (✗), and the function starts again. Each line shows a possible order
 * of events and, at its end, the result. A is the administrator whose invitation has lapsed, and B is another
 * administrator of the customer:
 *
 *     A is read as lapsed ── A is invited again ─── removal ✗    the address is reserved for 7 more days
 *     A is read as lapsed ── B takes the address ── reserved ✗   the address is reserved, unless B has lapsed too
 *     A is read as lapsed ── A is removed ───────── reserved ✗   the address is free
 *     A is removed ───────── A's link is used ✗ or A is invited again ✗, because A no longer exists
 */
export async function transactReserving<W extends Writes>(
  services: Pick<Services, 'table'> & AuditServices,
  author: Author,
  address: AdministratorEmail,
  writes: W,
): Promise<Failures<W & Reserving>> {
  const { table, clock } = services;
  const { customerId } = address;
  const failures = await transact(table, { ...writes, reserved: reserveEmail(address) });
  const owner = failures?.reserved?.item;
  const invited = owner && (await readAdministrator(table, customerId, owner.administratorId, 'strong'));
  if (!invited || !hasLapsed(invited, clock.now())) return failures;

  const { administratorId, name, email, privilege } = invited;
  const change = newChange(services, author, customerId, {
    kind: 'administrator-removed',
    subject: { id: administratorId, name },
    before: { administratorId, name, email, privilege, status: 'provisional' },
    after: null,
  });
  const again = await transact(table, {
    ...writes,
    auditOfInvitation: change.write,
    reserved: reserveEmailInstead(invited, address),
    invitation: removeInvitation(invited),
  });
  if (again?.reserved || again?.invitation) return transactReserving(services, author, address, writes);
  if (again) return again;
  change.log();
  return undefined;
}
