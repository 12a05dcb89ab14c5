import type { AdministratorView } from '../../contract/administrators.ts';
import type { Administrator } from '../../table/administrators.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { toIso } from '../time.ts';

/** Converts an administrator to the form that API responses use. */
export function administratorView(
  { administratorId, name, email, privilege, status, createdAt }: Administrator,
  { representativeId }: Pick<Customer, 'representativeId'>,
): AdministratorView {
  return {
    id: administratorId,
    name,
    email,
    privilege,
    status,
    representative: administratorId === representativeId,
    createdAt: toIso(createdAt),
  };
}
