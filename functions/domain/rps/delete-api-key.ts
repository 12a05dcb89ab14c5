import { checkCaller } from '../../table/administrators.ts';
import { deleteApiKey as deletion, readApiKey } from '../../table/api-keys.ts';
import { countApiKeyOut } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { NotFoundError } from '../errors.ts';
import { lostRights } from '../refusals.ts';
import { startCountingApiKeys } from './count-api-keys.ts';
import { getRp } from './get-rp.ts';
import type { Services } from '../services.ts';

/**
 * Deletes an API key of an RP. A process that has cached the API key may accept it for at most 10 seconds after the
 * deletion. Throws `NotFoundError` when there is no such RP or key, and `UnauthenticatedError` when the caller has lost
 * their rights.
 *
 * One transaction deletes the key and lowers the RP's count of API keys. When DynamoDB's response is lost, the SDK
 * sends the transaction again with the same client token, and DynamoDB returns the outcome of the first attempt. If the
 * process that runs this function dies, either the key is deleted and the count is lowered, or nothing has changed.
 */
export async function deleteApiKey(
  services: Services,
  caller: AdministratorCaller,
  { id: rpRef, keyId }: { id: string; keyId: string },
): Promise<void> {
  const { table } = services;
  const { customerId } = caller.customer;
  const [rp, apiKey] = await Promise.all([getRp(services, caller, rpRef), readApiKey(table, keyId, 'strong')]);
  const noSuchKey = new NotFoundError('There is no such API key.');
  if (!apiKey) throw noSuchKey;
  if (rp.apiKeys === undefined) await startCountingApiKeys(services, rp);
  const { name, type } = apiKey;
  const change = newChange(services, caller, customerId, {
    kind: 'api-key-deleted',
    subject: { id: keyId, name },
    rpRef,
    before: { rpRef, keyId, name, type },
    after: null,
  });
  const failures = await transact(table, {
    audit: change.write,
    apiKey: deletion({ customerId, rpRef, keyId }),
    rp: countApiKeyOut(customerId, rpRef),
    caller: checkCaller(caller.administrator),
  });
  if (failures?.caller) throw lostRights();
  if (failures) throw noSuchKey;
  change.log();
}
