import { readAdministrator, removeInvitation } from '../../table/administrators.ts';
import { takeEmail, takeEmailFrom, type Email } from '../../table/emails.ts';
import { transact, type Failures, type Write, type Writes } from '../../table/engine/transaction.ts';
import type { Actor } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { hasLapsed } from '../activation-deadline.ts';
import type { Services } from '../services.ts';

/** The write that `transactTaking` adds: it assigns an e-mail address to an administrator. */
interface Taking {
  readonly email: Write<Email>;
}

/**
 * Performs `writes` and the write `email` in one transaction. The write `email` assigns the e-mail address in `address`
 * to the administrator in `address`. Returns the writes that failed, or undefined when the transaction succeeds; the
 * write `email` fails when the address belongs to another administrator. If that administrator's invitation has lapsed,
 * a second transaction performs all writes and also removes that administrator, and the removal is logged with `actor`.
 * If the process dies, either nothing has changed, or the address belongs to the new administrator and all writes are
 * done.
 *
 * If another request changes an item after this function has read the item, a condition of the second transaction is
 * false: the removal or the write `email` (the taking) fails (✗), and the function starts again. Each line shows a
 * possible order of events and, at its end, the result. A is the administrator whose invitation has lapsed, and B is
 * another administrator:
 *
 *     A is read as lapsed ── A activates ────────── removal ✗   the address is taken
 *     A is read as lapsed ── A is invited again ─── removal ✗   the address is taken for 7 more days
 *     A is read as lapsed ── B takes the address ── taking ✗    the address is taken, unless B's invitation lapsed too
 *     A is read as lapsed ── A is removed ───────── taking ✗    the address is free
 *     A is removed ───────── A's link is used ✗ or A is invited again ✗, because A no longer exists
 */
export async function transactTaking<W extends Writes>(
  services: Pick<Services, 'table' | 'clock' | 'log'>,
  actor: Actor,
  address: Email,
  writes: W,
): Promise<Failures<W & Taking>> {
  const { table, clock, log } = services;
  const failures = await transact(table, { ...writes, email: takeEmail(address) });
  const owner = failures?.email?.item;
  const invited = owner && (await readAdministrator(table, owner.customerId, owner.administratorId, 'strong'));
  if (!invited || !hasLapsed(invited, clock.now())) return failures;

  const again = await transact(table, {
    ...writes,
    email: takeEmailFrom(invited, address),
    invitation: removeInvitation(invited),
  });
  if (again?.email || again?.invitation) return transactTaking(services, actor, address, writes);
  if (again) return again;
  const { customerId, administratorId, name, email, privilege } = invited;
  const before = { administratorId, name, email, privilege, status: 'provisional' };
  logChange(log, { actor, what: 'administrator', customerId, before, after: null });
  return undefined;
}
