import { deleteApiKey as deleteItem } from '../table/api-keys.ts';
import { actorOf, type AdministratorCaller } from './callers.ts';
import { logChange } from './changes.ts';
import { NotFoundError } from './errors.ts';
import { getRp } from './get-rp.ts';
import type { Services } from './services.ts';

/** Deletes an API key: warm processes refuse it within 10 seconds. Throws `NotFoundError`. */
export async function deleteApiKey(
  services: Services,
  caller: AdministratorCaller,
  { id: rp, keyId }: { id: string; keyId: string },
): Promise<void> {
  const { customerId } = caller.customer;
  await getRp(services, caller, rp);
  const deleted = await deleteItem(services.table, { customerId, rp, keyId });
  if (!deleted) throw new NotFoundError('There is no such API key.');
  logChange(services.log, {
    actor: actorOf(caller),
    what: 'api-key',
    customerId,
    before: { rp, keyId, name: deleted.name },
    after: null,
  });
}
