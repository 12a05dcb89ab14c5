import type { PasskeyView } from '../../contract/passkeys.ts';
import { checkCaller } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { readPasskey, renamePasskey as rename } from '../../table/signing-in/passkeys.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { lostRights, noSuchPasskey } from '../refusals.ts';
import { passkeyView } from './passkey-view.ts';
import type { Services } from '../services.ts';

/**
 * Renames a passkey of the caller and returns the passkey. Writes nothing when the passkey has the name already. Throws
 * `NotFoundError` when the caller has no such passkey, and `UnauthenticatedError` when the caller has lost their
 * rights.
 */
export async function renamePasskey(
  services: Services,
  caller: AdministratorCaller,
  id: string,
  { name }: { name: string },
): Promise<PasskeyView> {
  const { customerId, administratorId } = caller.administrator;
  const { table } = services;
  const before = await readPasskey(table, { customerId, administratorId, id });
  if (!before) throw noSuchPasskey();
  if (before.name === name) return passkeyView(before);
  const change = newChange(services, caller, customerId, {
    kind: 'passkey-renamed',
    subject: { id, name },
    before: { administratorId, id, name: before.name },
    after: { administratorId, id, name },
  });
  const failures = await transact(table, {
    passkey: rename(before, name),
    caller: checkCaller(caller.administrator),
    audit: change.write,
  });
  if (failures?.caller) throw lostRights();
  if (failures) throw noSuchPasskey();
  change.log();
  return passkeyView({ ...before, name });
}
