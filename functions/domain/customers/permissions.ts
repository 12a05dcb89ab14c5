import type { Permissions } from '../../contract/permissions.ts';
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
  };
}
