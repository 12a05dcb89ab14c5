import type { ApiKeyView } from '../../contract/rps.ts';
import { checkCaller } from '../../table/administrators.ts';
import { putApiKey, type ApiKey, type ApiKeyType } from '../../table/api-keys.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { countApiKeyIn } from '../../table/rps.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { customerNotActive, lostRights, noSuchRp } from '../refusals.ts';
import { MAX_API_KEYS, tooManyApiKeys } from './api-key-limit.ts';
import { startCountingApiKeys } from './count-api-keys.ts';
import { apiKeyView } from './list-api-keys.ts';
import { newApiKeyOf, type NewApiKey } from './new-api-key.ts';
import { requireActiveLicense } from '../licenses/license-room.ts';
import { requireRecentSignInWithPasskey } from '../sessions/recent-sign-in.ts';
import type { Services } from '../services.ts';

/**
 * Creates an API key for an RP of the caller's customer. Returns the API key, including the secret or private key. No
 * later response contains it. One transaction stores the API key and increases the RP's count of API keys, so the RP
 * never has more API keys than the maximum.
 *
 * Throws `ReauthenticationRequiredError` when the caller has a passkey but did not sign in within the last 5 minutes,
 * and `RecoveryHoldError` during a recovery hold of the caller. Throws `NotFoundError` when the customer has no such
 * RP, `LicenseNotActiveError` when the customer's license is not active, `ForbiddenError` when the RP has the maximum
 * number of API keys, and `UnauthenticatedError` when the caller has lost their rights or the customer is not active.
 * If the process dies after the transaction, the list of API keys contains the API key, but nobody knows its secret.
 */
export async function createApiKey(
  services: Services,
  caller: AdministratorCaller,
  rpRef: string,
  { name, type = 'bearer' }: { name: string; type?: ApiKeyType },
): Promise<Omit<ApiKeyView, 'type'> & NewApiKey['shownOnce']> {
  const { table, clock } = services;
  const now = clock.now();
  const { customerId } = caller.customer;
  requireRecentSignInWithPasskey(caller, now);
  requireActiveLicense(caller.customer, now);
  const { keyId, verifier, shownOnce } = newApiKeyOf(type);
  const stored: ApiKey = {
    ...{ customerId, rpRef, keyId, name, ...verifier, createdAt: now, lastUsedAt: null },
    createdBy: caller.administrator.administratorId,
  };
  const change = newChange(services, caller, customerId, {
    kind: 'api-key-created',
    subject: { id: keyId, name },
    rpRef,
    before: null,
    after: { rpRef, keyId, name, type },
  });
  for (;;) {
    const failures = await transact(table, {
      rp: countApiKeyIn(customerId, rpRef, MAX_API_KEYS),
      customer: checkCustomerActive(customerId),
      caller: checkCaller(caller.administrator),
      apiKey: putApiKey(stored),
      audit: change.write,
    });
    if (!failures) break;
    if (failures.caller) throw lostRights();
    if (!failures.rp) throw customerNotActive();
    const rp = failures.rp.item;
    if (!rp) throw noSuchRp();
    if (rp.apiKeys !== undefined) throw tooManyApiKeys();
    await startCountingApiKeys(services, rp);
  }
  change.log();
  return { ...apiKeyView(stored, caller.administrator), ...shownOnce };
}
