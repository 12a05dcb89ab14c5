import type { PasskeyView } from '../../contract/passkeys.ts';
import { checkCaller } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { readPasskey, renamePasskey as rename } from '../../table/signing-in/passkeys.ts';
import { actorOf, LOST_RIGHTS, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { NotFoundError, UnauthenticatedError } from '../errors.ts';
import { passkeyView } from './passkey-view.ts';
import type { Services } from '../services.ts';

export const NO_SUCH_PASSKEY = 'You have no such passkey.';

/** Renames a passkey of the caller. Throws `NotFoundError`. */
export async function renamePasskey(
  { table, log }: Services,
  caller: AdministratorCaller,
  id: string,
  { name }: { name: string },
): Promise<PasskeyView> {
  const { customerId, administratorId } = caller.administrator;
  const before = await readPasskey(table, { customerId, administratorId, id });
  if (!before) throw new NotFoundError(NO_SUCH_PASSKEY);
  const failures = await transact(table, {
    passkey: rename(before, name),
    caller: checkCaller(caller.administrator),
  });
  if (failures?.caller) throw new UnauthenticatedError(LOST_RIGHTS);
  if (failures) throw new NotFoundError(NO_SUCH_PASSKEY);
  logChange(log, {
    actor: actorOf(caller),
    what: 'passkey',
    customerId,
    before: { administratorId, id, name: before.name },
    after: { administratorId, id, name },
  });
  return passkeyView({ ...before, name });
}
