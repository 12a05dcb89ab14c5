import type { ApiKeyView } from '../../contract/rps.ts';
import { checkCaller } from '../../table/administrators.ts';
import { putApiKey, type ApiKey } from '../../table/api-keys.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { checkRpPresent } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { customerNotActive, lostRights, noSuchRp } from '../refusals.ts';
import { newApiKey } from '../ids.ts';
import { apiKeyView } from './list-api-keys.ts';
import { requireActiveLicense } from '../licenses/license-room.ts';
import type { Services } from '../services.ts';

/**
 * Creates an API key for an RP. Its secret is in this answer only. Throws `NotFoundError` when there is no such RP and
 * `LicenseNotActiveError`. If the process dies after the transaction, there is a key that nobody knows; it shows in the list.
 */
export async function createApiKey(
  { table, clock, log }: Services,
  caller: AdministratorCaller,
  rpRef: string,
  { name }: { name: string },
): Promise<ApiKeyView & { apiKey: string }> {
  const now = clock.now();
  const { customerId } = caller.customer;
  const { keyId, apiKey, secretSha256 } = newApiKey();
  const stored: ApiKey = { customerId, rpRef, keyId, name, secretSha256, createdAt: now, lastUsedAt: null };
  requireActiveLicense(caller.customer, now);
  const failures = await transact(table, {
    rp: checkRpPresent(customerId, rpRef),
    customer: checkCustomerActive(customerId),
    caller: checkCaller(caller.administrator),
    apiKey: putApiKey(stored),
  });
  if (failures?.caller) throw lostRights();
  if (failures?.rp) throw noSuchRp();
  if (failures) throw customerNotActive();
  logChange(log, { actor: actorOf(caller), what: 'api-key', customerId, before: null, after: { rpRef, keyId, name } });
  return { ...apiKeyView(stored), apiKey };
}
