import { checkCaller } from '../../table/administrators.ts';
import type { Administrator } from '../../table/administrators.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import { actorOf, type AdministratorCaller, type RpAdministrator, type UserManager } from '../callers.ts';
import { logChange, type Change, type Made } from '../change-log.ts';
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
  return {
    customerId,
    rpRef,
    administrator: caller.administrator,
    newChange: (made) => newChange(services, caller, customerId, { ...made, rpRef }),
  };
}

/**
 * Returns the condition check that an administrator has lost no rights since the request was authenticated. Returns no
 * write for an RP's server: an API key remains valid for at most 10 seconds after its deletion.
 */
export const checkManager = (manager: UserManager): Write<Administrator> | undefined =>
  'administrator' in manager ? checkCaller(manager.administrator) : undefined;

/**
 * Returns a change of a user or a credential that is about to be made. The service only logs the changes of an RP's
 * server and stores no audit entry, because an RP changes thousands of users. `what` is the name that the log line has
 * for the user or the credential.
 */
export function changeBy(
  manager: UserManager,
  { log }: Pick<Services, 'log'>,
  what: 'user' | 'credential',
  made: Made,
): Change {
  if ('administrator' in manager) return manager.newChange(made);
  const { customerId } = manager;
  const { before, after } = made;
  return {
    write: undefined,
    log: () => {
      logChange(log, { actor: actorOf(manager), what, customerId, before, after });
    },
  };
}

/** Returns the error for a manager whose RP was removed during the request. */
export const rpOfManagerRemoved = (manager: UserManager) => ('administrator' in manager ? noSuchRp() : rpRemoved());
