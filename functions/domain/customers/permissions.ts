import type { PendingUnsubscription, Permissions } from '../../contract/values/permissions.ts';
import { pendingUnsubscription, type Customer } from '../../table/customers/customers.ts';
import type { AdministratorCaller } from '../callers.ts';
import { unsubscribeObstacle } from '../licenses/unsubscribe-obstacle.ts';
import { toIso } from '../time.ts';

/**
 * Returns, for each action on the customer to which the caller belongs, whether the caller may perform the action at
 * the time `now` (epoch milliseconds).
 */
export function permissionsOf(
  { customer, administrator }: Pick<AdministratorCaller, 'customer' | 'administrator'>,
  now: number,
): Permissions {
  const isRepresentative = administrator.administratorId === customer.representativeId;
  const isPrivileged = isRepresentative || administrator.privilege === 'privileged';
  const obstacle = unsubscribeObstacle(customer, now);
  return {
    editCustomer: isPrivileged,
    changeRepresentative: isPrivileged,
    editMauAlert: isPrivileged,
    unsubscribe: isRepresentative && !obstacle,
    unsubscribeReason: !isRepresentative ? 'not-representative' : obstacle ? 'paid-license' : null,
    ...(isRepresentative && obstacle?.by === 'last-bill' && { unsubscribeFrom: toIso(obstacle.until) }),
    ...(pendingUnsubscription(customer) && { cancelUnsubscription: isPrivileged }),
  };
}

/** Returns the pending unsubscription of a customer in the form that API responses use; null when none is pending. */
export function unsubscriptionView(customer: Customer): PendingUnsubscription {
  const pending = pendingUnsubscription(customer);
  return pending ? { requestedAt: toIso(pending.requestedAt), effectiveAt: toIso(pending.effectiveAt) } : null;
}
