import { checkCaller } from '../../table/administrators.ts';
import type { Administrator } from '../../table/administrators.ts';
import type { Write } from '../../table/engine/transaction.ts';
import type { AdministratorCaller, RpAdministrator, UserManager } from '../callers.ts';
import { noSuchRp, rpRemoved } from '../refusals.ts';
import { getRp } from '../rps/get-rp.ts';
import type { Services } from '../services.ts';

/**
 * Returns the signed-in administrator as a manager of the users of an RP. Throws `NotFoundError` if the administrator's
 * customer has no such RP, or removed it.
 */
export async function userManagerOf(
  services: Services,
  caller: AdministratorCaller,
  rpRef: string,
): Promise<RpAdministrator> {
  const { customerId } = await getRp(services, caller, rpRef);
  return { customerId, rpRef, administrator: caller.administrator };
}

/**
 * Returns the condition check that an administrator has lost no rights since the request was authenticated. Returns no
 * write for an RP's server: an API key remains valid for at most 10 seconds after its deletion.
 */
export const checkManager = (manager: UserManager): Write<Administrator> | undefined =>
  'administrator' in manager ? checkCaller(manager.administrator) : undefined;

/** Returns the error for a manager whose RP was removed during the request. */
export const rpOfManagerRemoved = (manager: UserManager) => ('administrator' in manager ? noSuchRp() : rpRemoved());
