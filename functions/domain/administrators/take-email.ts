import { readAdministrator, removeInvitation } from '../../table/administrators.ts';
import { takeEmail, takeEmailFrom, type Email } from '../../table/emails.ts';
import { transact, type Failures, type Write } from '../../table/engine/transaction.ts';
import type { Actor } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { hasLapsed } from '../activation-deadline.ts';
import type { Services } from '../services.ts';

/**
 * Does writes in one transaction with the taking of an address; fails by the name `email` when it is taken. An invitation
 * that has lapsed gives way: whoever was invited leaves their customer in the same transaction, so that if the process dies
 * the address is theirs as before, or the new one's with all that the writes do.
 *
 * What comes between is a condition of it, and has everything looked at again:
 *
 *     lapsed, as read ── a link activates ────── removal ✗   they are active: the address is taken
 *     lapsed, as read ── invited again ───────── removal ✗   7 days more: the address is taken
 *     lapsed, as read ── another takes it ────── taking ✗    the address is taken, unless it has lapsed with them too
 *     lapsed, as read ── withdrawn, discarded ── taking ✗    the address is free
 *     removed ────────── a link, an invitation ✗             there is no such administrator any more
 */
export async function transactTaking<Name extends string>(
  services: Pick<Services, 'table' | 'clock' | 'log'>,
  actor: Actor,
  address: Email,
  writes: Readonly<Record<Name, Write | undefined>>,
): Promise<Failures<Name | 'email'>> {
  const { table, clock, log } = services;
  const failures = await transact<Name | 'email'>(table, { ...writes, email: takeEmail(address) });
  const owner = failures?.email?.item as Email | undefined;
  const invited = owner && (await readAdministrator(table, owner.customerId, owner.administratorId, 'strong'));
  if (!invited || !hasLapsed(invited, clock.now())) return failures;

  const again = await transact<Name | 'email' | 'invitation'>(table, {
    ...writes,
    email: takeEmailFrom(invited, address),
    invitation: removeInvitation(invited),
  });
  if (again && ('email' in again || 'invitation' in again)) return transactTaking(services, actor, address, writes);
  if (again) return again;
  const { customerId, administratorId, name, email, privilege } = invited;
  const before = { administratorId, name, email, privilege, status: 'provisional' };
  logChange(log, { actor, what: 'administrator', customerId, before, after: null });
  return undefined;
}
