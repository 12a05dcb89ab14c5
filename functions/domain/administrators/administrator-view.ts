import type { AdministratorView } from '../../contract/administrators.ts';
import type { Administrator } from '../../table/administrators.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { invitationLapsesAt } from '../activation-deadline.ts';
import { recoveryHoldUntil } from '../sessions/recovery-hold.ts';
import { toIso } from '../time.ts';

/** Converts an administrator to the form that API responses use at the time `now`. */
export function administratorView(
  administrator: Administrator,
  { representativeId }: Pick<Customer, 'representativeId'>,
  now: number,
): AdministratorView {
  const { administratorId, name, email, privilege, status, createdAt, passkeys = 0 } = administrator;
  const holdUntil = recoveryHoldUntil(administrator, now);
  const expiresAt = status === 'provisional' ? invitationLapsesAt(administrator) : undefined;
  return {
    id: administratorId,
    name,
    email,
    privilege,
    status,
    representative: administratorId === representativeId,
    hasPasskey: passkeys > 0,
    createdAt: toIso(createdAt),
    recoveryHoldUntil: holdUntil === undefined ? null : toIso(holdUntil),
    invitationExpiresAt: expiresAt === undefined ? null : toIso(expiresAt),
  };
}
