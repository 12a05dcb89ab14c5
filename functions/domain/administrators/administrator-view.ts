import type { AdministratorView } from '../../contract/administrators.ts';
import type { Administrator } from '../../table/administrators.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { invitationLapsesAt } from '../activation-deadline.ts';
import { toIso } from '../time.ts';

/** Converts an administrator to the form that API responses use. */
export function administratorView(
  administrator: Administrator,
  { representativeId }: Pick<Customer, 'representativeId'>,
): AdministratorView {
  const { administratorId, name, email, privilege, status, createdAt } = administrator;
  const expiresAt = status === 'provisional' ? invitationLapsesAt(administrator) : undefined;
  return {
    id: administratorId,
    name,
    email,
    privilege,
    status,
    representative: administratorId === representativeId,
    createdAt: toIso(createdAt),
    invitationExpiresAt: expiresAt === undefined ? null : toIso(expiresAt),
  };
}
