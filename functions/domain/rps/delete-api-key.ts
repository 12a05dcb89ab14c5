import { checkCaller } from '../../table/administrators.ts';
import { deleteApiKey as deletion, readApiKey } from '../../table/api-keys.ts';
import { transact } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { NotFoundError } from '../errors.ts';
import { lostRights } from '../refusals.ts';
import { getRp } from './get-rp.ts';
import type { Services } from '../services.ts';

/**
 * Deletes an API key: warm processes refuse it within 10 seconds. Throws `NotFoundError`. A transaction, so that a deletion
 * whose answer is lost does not find nothing when it is tried again. If the process dies, it is deleted or not.
 */
export async function deleteApiKey(
  services: Services,
  caller: AdministratorCaller,
  { id: rpRef, keyId }: { id: string; keyId: string },
): Promise<void> {
  const { table, log } = services;
  const { customerId } = caller.customer;
  const [, apiKey] = await Promise.all([getRp(services, caller, rpRef), readApiKey(table, keyId, 'strong')]);
  const noSuchKey = new NotFoundError('There is no such API key.');
  if (!apiKey) throw noSuchKey;
  const failures = await transact(table, {
    apiKey: deletion({ customerId, rpRef, keyId }),
    caller: checkCaller(caller.administrator),
  });
  if (failures?.caller) throw lostRights();
  if (failures) throw noSuchKey;
  logChange(log, {
    actor: actorOf(caller),
    what: 'api-key',
    customerId,
    before: { rpRef, keyId, name: apiKey.name },
    after: null,
  });
}
