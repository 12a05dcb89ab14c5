import { createdBearerKey, listRpsContract, registerRpContract } from '../../functions/contract/rps.ts';
import { DemoRefusedError, type DemoClient } from './demo-client.ts';

/**
 * The RP of the sample shop. Its settings name no origins. The service then accepts `http://localhost` with every port,
 * so the shop may listen on any port.
 */
const RP = { rpId: 'localhost', name: 'Sample shop' } as const;
export const SHOP_RP_ID = RP.rpId;

/**
 * Returns an API key for the server of the sample shop: the key of an earlier start if it still works, and otherwise a
 * new one. Registers the RP if a demo customer does not have it. `session` belongs to the customer's representative.
 * Returns undefined if the service refuses, for example because the representative has a passkey by now, and must use
 * it to create a key, or has registered another RP with this RP ID. That RP belongs to the representative's own
 * project, so the shop leaves it alone. If the process dies after the key was created, the customer has a key that
 * nobody knows.
 */
export async function provideShopKey(
  client: DemoClient,
  session: string | undefined,
  kept?: string,
): Promise<string | undefined> {
  try {
    if (kept !== undefined && (await client.isValid('GET /v1/rp/users?limit=1', kept))) return kept;
    if (session === undefined) return undefined;
    const as = session;
    const { items } = await client.ask(listRpsContract.answer.body, 'GET /v1/rps?limit=100', { as });
    const { id } =
      items.find(({ rpId, name }) => rpId === RP.rpId && name === RP.name) ??
      (await client.ask(registerRpContract.answer.body, 'POST /v1/rps', { as, body: RP }));
    const body = { name: 'Sample shop of npm start' };
    return (await client.ask(createdBearerKey, `POST /v1/rps/${id}/api-keys`, { as, body })).apiKey;
  } catch (error) {
    if (error instanceof DemoRefusedError) return undefined;
    throw error;
  }
}
